/* Comforts by data- attributes: shortcuts, walking through rows, copying, counting ticks, printing.
   Every page works without this file. Which keys there are: hanoi_programmes/ui/shortcuts.py. */
(() => {
  "use strict";
  const all = (selector, scope = document) => [...scope.querySelectorAll(selector)];
  const isSeen = (part) => part.getClientRects().length > 0;
  const WRITTEN_IN = "textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio])";

  /* What is said to everybody: a note in the live region, built as components/toast.html is. */
  const say = (text) => {
    const region = document.getElementById("toasts");
    if (!region) return;
    const note = document.createElement("div");
    note.className = "note k-done";
    note.append(Object.assign(document.createElement("p"), { textContent: text }));
    all(".note[data-said]", region).forEach((old) => old.remove());
    note.dataset.said = "";
    region.append(note);
    setTimeout(() => note.remove(), 6000);
  };

  /* Copying: data-copy="#id" takes the value or the text of that element. */
  const selectAll = (part) => {
    if (part.select) part.select();
    else getSelection().selectAllChildren(part);
  };
  const copy = async (button) => {
    const part = document.querySelector(button.dataset.copy);
    if (!part) return;
    const text = "value" in part ? part.value : part.innerText;
    try {
      await navigator.clipboard.writeText(text);
      say("Đã chép. Dán vào nơi cần dùng.");
    } catch {
      /* An address without https has no clipboard: the old way, else the reader's own hand. */
      selectAll(part);
      say(document.execCommand("copy") ? "Đã chép. Dán vào nơi cần dùng." : "Đã bôi đen. Nhấn Ctrl C để chép.");
    }
  };

  /* Ticks: data-count-ticks="name" holds how many boxes of that name its form has ticked. */
  const countTicks = () => all("[data-count-ticks]").forEach((place) => {
    const form = place.closest("form") || document;
    const number = all("input[type=checkbox]:checked", form).filter((box) => box.name === place.dataset.countTicks).length;
    if (place.textContent !== String(number)) place.textContent = number;
  });

  /* Rows: [data-row], one after the other. When the one in hand is gone, its neighbour is next. */
  let last = -1;
  const inHand = () => document.activeElement.closest("[data-row]");
  const walk = (step) => {
    const rows = all("[data-row]").filter(isSeen);
    if (!rows.length) return false;
    const here = rows.indexOf(inHand());
    const lost = last < 0 ? 0 : last + Math.min(step, 0);
    last = Math.max(0, Math.min(here < 0 ? lost : here + step, rows.length - 1));
    rows[last].tabIndex = -1;
    rows[last].focus();
    return true;
  };
  const clickIn = (selector) => {
    const row = inHand();
    const part = row && row.querySelector(selector);
    if (part) part.click();
    return Boolean(part);
  };
  const ROW_ACTS = {
    next: () => walk(1),
    previous: () => walk(-1),
    tick: () => clickIn("input[type=checkbox]"),
    open: () => clickIn("[data-row-open], a[href]"),
  };

  /* Keys: data-key="Enter x" lists keys that stand for a click; "g" and the key after it are one. */
  const LEADER = "g";
  let led = false;
  const nameOf = (event) => {
    if (event.key === " ") return "Space";
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    return event.shiftKey && /^[a-z]$/.test(name) ? `Shift ${name}` : name;
  };
  const keysOf = (words) => words.trim().split(/\s+/).reduce((keys, word, i, list) => {
    if (list[i - 1] === LEADER) return [...keys.slice(0, -1), `${LEADER} ${word}`];
    return [...keys, word];
  }, []);
  const rowActOf = (name) => {
    const pair = (document.body.dataset.rowKeys || "").split(" ").find((one) => one.endsWith(`:${name}`));
    return pair && ROW_ACTS[pair.slice(0, pair.indexOf(":"))];
  };
  /* That of the row in hand before that of the page; a link of the navigation may be followed
     where a narrow window folds it away. */
  const partFor = (name) => {
    const answers = (part) => keysOf(part.dataset.key).includes(name) && !part.disabled;
    const row = inHand();
    const parts = [...(row ? all("[data-key]", row) : []), ...all("[data-key]")].filter(answers);
    return parts.find(isSeen) || parts.find((part) => part.matches("nav a"));
  };
  /* What can be pressed is pressed; fields and parts of the page get the focus. */
  const use = (part) => {
    if (part.matches("a, button, summary, label, input") && !part.matches(WRITTEN_IN)) part.click();
    else part.focus();
    if (part.select) part.select();
    return true;
  };
  /* What the browser does with a key on the part that has the focus comes first. */
  const isTaken = (event, name) => {
    const { target } = event;
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return true;
    if (target.closest(WRITTEN_IN)) return true;
    if (name === "Enter" || name === "Space") return Boolean(target.closest("a, button, summary, label, input"));
    return name.startsWith("Arrow") && Boolean(target.closest("input[type=radio], [role=region][tabindex]"));
  };
  const onKey = (event) => {
    const name = nameOf(event);
    if (!("rowKeys" in document.body.dataset) || isTaken(event, name)) return;
    const full = led ? `${LEADER} ${name}` : name;
    led = !led && name === LEADER;
    const part = partFor(full);
    const rowAct = full === "Enter" ? inHand() && ROW_ACTS.open : rowActOf(full);
    if (part ? use(part) : rowAct && rowAct()) event.preventDefault();
  };

  /* Menus close by Escape, which gives the focus back, and by a click elsewhere. */
  const closeMenus = (event) => all(".menu[open], .side-more[open]").forEach((menu) => {
    if (event.type === "click" && menu.contains(event.target)) return;
    if (event.type === "keydown" && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  });

  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(event); });
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    if (event.target.closest("[data-print]")) window.print();
  });
  all("[data-print]").forEach((button) => { button.hidden = false; });
  document.addEventListener("change", countTicks);
  document.addEventListener("htmx:load", countTicks);
  window.addEventListener("pageshow", countTicks);
})();
