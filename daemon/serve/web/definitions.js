// What a figure means, one click away from the figure.
import { byId, el, focusKey, stranger } from "./dom.js";
import { ask } from "./ask.js";
import { moment } from "./times.js";

let definitions = null;
let opener = null;

/// The small button beside a number. `place` keeps apart two buttons for one definition.
export function definitionButton(id, place) {
  if (!id) return null;
  const key = `${place}/${id}`;
  const button = el("button", { type: "button", class: "definition", "data-key": key, "aria-haspopup": "dialog", "aria-label": `Definition ${id}` }, id);
  button.addEventListener("click", () => open(id, key));
  return button;
}

async function open(id, key) {
  opener = key;
  byId("definition-title").textContent = id;
  byId("definition-text").replaceChildren(el("p", {}, "Asking for the definition."));
  byId("definition").showModal();
  const why = definitions?.has(id) ? null : await load();
  if (opener === key) show(id, why);
}

async function load() {
  const answer = await ask("/api/v1/definitions", false);
  if (!answer.body) return answer.why;
  definitions = new Map(answer.body.definitions.map((definition) => [definition.id, definition]));
  return null;
}

function show(id, why) {
  const it = definitions?.get(id);
  if (!it) {
    const words = why ? `The definition could not be read: ${why}.` : `The daemon has no definition named ${id}.`;
    byId("definition-text").replaceChildren(el("p", {}, words));
    return;
  }
  const parts = [["How it is counted", it.formula], ["Unit", it.unit], ["Caveat", it.caveat]].filter(([, text]) => text);
  const list = parts.flatMap(([term, text]) => [el("dt", {}, term), el("dd", {}, stranger(text, 2000))]);
  if (it.valid_from) list.push(el("dt", {}, "Version"), el("dd", {}, stranger(it.version), ", valid from ", validFrom(it.valid_from)));
  byId("definition-title").textContent = `${id} ${it.name}`;
  byId("definition-text").replaceChildren(el("dl", {}, list));
}

const validFrom = (text) => (/^\d{4}-\d\d-\d\dT/.test(text) ? moment(text) : stranger(text));

/// The button that opened the dialog may have been rebuilt meanwhile; the keyboard goes to its successor.
export function prepareDialog() {
  const dialog = byId("definition");
  dialog.addEventListener("close", () => {
    if (opener) focusKey(opener);
    opener = null;
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
