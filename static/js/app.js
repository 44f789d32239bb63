/* Behaviours of every page, found by data- attributes. Each page works without this file.
   Strict content security policy: no eval, no styles, no inline handlers. */
(() => {
  "use strict";
  const root = document.documentElement;
  const mine = (event, selector) => event.target.closest && event.target.closest(selector);
  const words = (className, textContent) => Object.assign(document.createElement("span"), { className, textContent });
  const all = (selector, scope = document) => [...scope.querySelectorAll(selector)];

  /* Theme: kept in a cookie, so that the server prints it and no page flashes. */
  const switchTheme = () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  };

  /* Drafts: text typed into form[data-draft], kept for this tab until it was sent.
     A stored value starts with "0", or with "1" once its form was sent. */
  let store = null;
  try { store = window.sessionStorage; } catch { /* storage switched off: no drafts */ }
  const DRAFT = "draft ";
  const FIELDS = "textarea[name], input[type=text][name]";
  const draftKey = (field) => `${DRAFT}${location.pathname} ${field.form.dataset.draft} ${field.name}`;
  const draftFields = (form) => (store && "draft" in form.dataset ? all(FIELDS, form) : []);
  const keepDraft = (field) => {
    if (!draftFields(field.form).includes(field)) return;
    try { store.setItem(draftKey(field), `0${field.value}`); } catch { /* full: the page still holds it */ }
  };
  const markSent = (form) => draftFields(form).forEach((field) => {
    const kept = store.getItem(draftKey(field));
    if (kept) store.setItem(draftKey(field), `1${kept.slice(1)}`);
  });
  const dropDrafts = (form) => draftFields(form).forEach((field) => store.removeItem(draftKey(field)));
  /* A page of the app proves that the form before it arrived; sign-in and error pages prove nothing. */
  const settleDrafts = () => {
    const [entry] = performance.getEntriesByType("navigation");
    const arrived = "settlesDrafts" in document.body.dataset && !(entry && entry.type === "back_forward");
    Object.keys(store || {}).filter((key) => key.startsWith(DRAFT)).forEach((key) => {
      const kept = store.getItem(key);
      if (kept[0] !== "1") return;
      if (arrived) store.removeItem(key);
      else store.setItem(key, `0${kept.slice(1)}`);
    });
  };
  const restoreDraft = (field) => {
    const kept = store.getItem(draftKey(field));
    if (!kept || kept[0] !== "0" || kept.length < 2) return;
    if (field.value !== field.defaultValue || field.value === kept.slice(1)) return;
    field.value = kept.slice(1);
    dirty.add(field.form);
    field.after(words("hint", "Đã khôi phục nội dung gõ dở."));
  };

  /* Typed text: leaving the page asks first. */
  const dirty = new Set();
  const noteTyping = (event) => {
    const { form, type } = event.target;
    if (!form || form.method !== "post" || "noWarning" in form.dataset) return;
    if (["checkbox", "radio", "file", "password"].includes(type)) return;
    dirty.add(form);
    keepDraft(event.target);
  };
  const warnBeforeLeaving = (event) => {
    if (![...dirty].some((form) => form.isConnected)) return;
    event.preventDefault();
    event.returnValue = "";
  };

  /* Files: too big or too many is said before the upload, not after it. */
  const size = (bytes) => `${(bytes / 1048576).toFixed(1).replace(".", ",").replace(",0", "")} MB`;
  const faultOf = (input) => {
    const limit = Number(input.dataset.maxBytes);
    const most = Number(input.dataset.maxFiles || Infinity);
    const big = [...input.files].find((file) => file.size > limit);
    if (big) return `Tệp “${big.name}” nặng ${size(big.size)}, quá mức ${size(limit)}. Chọn tệp nhỏ hơn.`;
    if (input.files.length > most) return `Mỗi lần gửi tối đa ${most} tệp. Bỏ bớt rồi chọn lại.`;
    return "";
  };
  const checkFiles = (input) => {
    const fault = faultOf(input);
    const id = `${input.id}-size`;
    const old = document.getElementById(id);
    if (old) old.remove();
    input.setCustomValidity(fault);
    if (!fault) return;
    const alert = words("err", fault);
    alert.id = id;
    alert.setAttribute("role", "alert");
    input.before(alert);
  };

  /* Connection lost: say so, keep everything typed, offer to send again. */
  let again = null;
  const showLost = (kind, retry) => {
    const note = document.getElementById("lost");
    if (!note) return;
    again = retry;
    all("[data-lost]", note).forEach((part) => { part.hidden = part.dataset.lost !== kind; });
    note.hidden = false;
  };
  const hideLost = () => { const note = document.getElementById("lost"); if (note) note.hidden = true; };
  const lostRequest = (kind) => (event) => {
    const { elt, requestConfig } = event.detail;
    if ("quiet" in elt.dataset) return;
    const cause = requestConfig && requestConfig.triggeringEvent;
    const retry = () => (elt.matches("form") ? elt.requestSubmit(cause && cause.submitter) : elt.click());
    showLost(event.detail.xhr && event.detail.xhr.status === 403 ? "expired" : kind, retry);
  };

  /* One submission at a time. In the capture phase, so that htmx does not see the second one. */
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  const guardSubmit = (event) => {
    const form = event.target;
    const wrong = form.querySelector("[data-max-bytes]:invalid");
    if (wrong) { wrong.focus(); stop(event); } else if ("sending" in form.dataset) stop(event);
    else if (!navigator.onLine && form.method === "post") {
      stop(event);
      showLost("network", () => form.requestSubmit(event.submitter));
    }
  };
  const afterSubmit = (event) => {
    const form = event.target;
    if ("forgets" in form.dataset && store) store.clear();
    if (event.defaultPrevented || form.method !== "post") return;
    dirty.delete(form);
    markSent(form);
    form.dataset.sending = "";
    /* Later, for a disabled button would not send its own name and value. */
    setTimeout(() => all("button:not([type=button])", form).forEach((button) => { button.disabled = true; }));
    setTimeout(() => release(form), 10000);
  };
  const release = (form) => {
    if (!("sending" in form.dataset)) return;
    delete form.dataset.sending;
    all("button", form).forEach((button) => { button.disabled = false; });
  };

  const CLICKS = {
    "[data-theme-switch]": switchTheme,
    "[data-dismiss]": (button) => { const note = button.closest(".note"); if (note.id) note.hidden = true; else note.remove(); },
    "[data-retry]": () => { hideLost(); if (again) again(); },
  };
  const prepare = (scope) => {
    all("[data-needs-script][hidden]", scope).forEach((part) => { part.hidden = false; });
    all("form[data-draft]", scope).concat(scope.matches && scope.matches("form[data-draft]") ? [scope] : [])
      .forEach((form) => draftFields(form).forEach(restoreDraft));
  };

  document.addEventListener("click", (event) => Object.entries(CLICKS).forEach(([selector, act]) => {
    const part = mine(event, selector);
    if (part) act(part);
  }));
  document.addEventListener("input", noteTyping);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-max-bytes]")) checkFiles(event.target);
  });
  document.addEventListener("submit", guardSubmit, true);
  document.addEventListener("submit", afterSubmit);
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    /* A refusal carries its reason as a toast, and asks that nothing else be swapped. */
    if (detail.xhr.status !== 403 || !detail.xhr.getResponseHeader("HX-Reswap")) return;
    detail.shouldSwap = true;
    detail.isError = false;
  });
  document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
    const form = detail.elt.closest("form");
    if (detail.xhr.status >= 400 || !form || detail.requestConfig.verb === "get") return;
    dirty.delete(form);
    /* Sent elsewhere: only the page that opens there knows whether the text arrived. */
    (detail.xhr.getResponseHeader("HX-Redirect") ? markSent : dropDrafts)(form);
    hideLost();
  });
  ["htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, lostRequest("network")));
  document.addEventListener("htmx:responseError", lostRequest("server"));
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  window.addEventListener("beforeunload", warnBeforeLeaving);
  window.addEventListener("pageshow", () => all("form[data-sending]").forEach(release));
  settleDrafts();
  prepare(document);
})();
