"""Whether what has the focus of the keyboard is seen, asked in the page."""

# What is wrong with what has the focus; an invisible checkbox shows it at its label.
FAULT_OF_FOCUS = """() => {
    const focused = document.activeElement;
    if (focused === document.body) return "";
    const folded = getComputedStyle(focused).opacity === "0";
    const seen = folded ? focused.nextElementSibling : focused;
    const name = seen.outerHTML.slice(0, 90);
    const style = getComputedStyle(seen);
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (!drawn) return `no outline: ${name}`;
    const box = seen.getClientRects()[0];
    if (!box || box.bottom <= 0 || box.top >= innerHeight) return `outside: ${name}`;
    const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
    const above = document.elementFromPoint(x, (box.top + box.bottom) / 2);
    const free = above && (seen.contains(above) || above.contains(seen));
    return free ? "" : `covered: ${name}`;
}"""
