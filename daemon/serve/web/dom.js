// Building the page. Everything that came over the wire enters the document here, and only as text.

/// An element. `undefined` and `null` attributes and children are left out; children may be nested arrays.
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...present(children));
  return node;
}

const present = (children) => children.flat(Infinity).filter((child) => child !== undefined && child !== null);

export const byId = (id) => document.getElementById(id);

/// Puts new children in place of the old ones. The keyboard stays on the control that has the same data-key, and what
/// was unfolded stays so.
export function swap(parent, ...children) {
  const active = parent.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.dataset.key;
  const unfolded = parent.querySelector("details")?.open;
  parent.replaceChildren(...present(children));
  if (unfolded) parent.querySelectorAll("details").forEach((details) => { details.open = true; });
  if (key) focusKey(key);
}

export function focusKey(key) {
  document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/// Shows `text` in the paragraph, or hides the paragraph when there is nothing to say.
export function say(id, text) {
  const node = byId(id);
  node.hidden = !text;
  if (node.textContent !== (text ?? "")) node.textContent = text ?? "";
}

// Marks that turn the direction of text can make "gpj.exe" read "exe.jpg": they are written out, not obeyed.
const turning = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/g;
const control = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g;

/// A stranger's words made safe to read: no control characters, direction marks visible, of bearable length.
export function tame(text, longest = 200) {
  const plain = String(text)
    .replace(control, " ")
    .replace(turning, (mark) => `[U+${mark.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`)
    .trim();
  const letters = Array.from(plain);
  return letters.length > longest ? `${letters.slice(0, longest).join("")}…` : plain;
}

export const stranger = (text, longest) => el("bdi", { class: "stranger" }, tame(text, longest));

/// The parsed address when it is a plain http(s) one; null for anything else, and for "https://bank@elsewhere".
export function webAddress(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) && !url.username && !url.password ? url : null;
  } catch {
    return null;
  }
}

/// A link out, when the address is a plain web address; otherwise the words alone.
export function linkOut(address, words, key) {
  const url = webAddress(address);
  if (!url) return stranger(words);
  const out = { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow", "data-key": key };
  return el("a", out, stranger(words), el("span", { class: "unseen" }, " (opens in a new tab)"));
}

/// A table with a caption and scoped headings. `columns` are { title, number?, roomy? }; the first cell of a row is its heading.
/// Roles are spelled out because narrow screens lay rows out as blocks, which costs tables their meaning in some browsers.
export function table(caption, columns, rows) {
  const heads = columns.map((column) => el("th", { scope: "col", role: "columnheader", class: dress(column) }, column.title));
  const bodyRows = rows.map((cells) => el("tr", { role: "row" }, cells.map((content, at) => {
    const inside = el("div", { class: "cell" }, content);
    return at === 0
      ? el("th", { scope: "row", role: "rowheader" }, inside)
      : el("td", { role: "cell", "data-label": columns[at].title, class: dress(columns[at]) }, inside);
  })));
  return el("table", { role: "table" },
    el("caption", {}, caption),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heads)),
    el("tbody", { role: "rowgroup" }, bodyRows));
}

/// A long table shows its first rows; the others are one click away.
export function foldedTable(caption, columns, rows, others) {
  const shown = 12;
  if (rows.length <= shown + 3) return table(caption, columns, rows);
  const words = `${rows.length - shown} more ${others}`;
  return [table(caption, columns, rows.slice(0, shown)),
    el("details", { class: "more" }, el("summary", { "data-key": `more/${others}` }, words), table(`The ${words}`, columns, rows.slice(shown)))];
}

/// Paper shows everything, and the screen afterwards what it showed before.
export function unfoldOnPaper() {
  const folded = [];
  addEventListener("beforeprint", () => {
    folded.push(...document.querySelectorAll("details.more:not([open])"));
    folded.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => folded.splice(0).forEach((details) => { details.open = false; }));
}

const dress = ({ number, roomy }) => (number ? "number" : roomy ? "roomy" : null);
