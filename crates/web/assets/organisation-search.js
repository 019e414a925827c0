// Shows what is found while one types, without a page for every letter. The server answers with the very words and
// addresses that its page has; the arrow keys walk through them. Without this script the button does the same.
const form = document.getElementById("organisation-search");
const field = document.getElementById("q");
const said = document.getElementById("said");
const results = document.getElementById("results");
const PAUSE = 150;

let waiting;
let asking;
let shown = field.value;

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
});
field.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") step(event, 1);
});
results.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") step(event, 1);
  if (event.key === "ArrowUp") step(event, -1);
});

async function ask() {
  if (field.value.trim() === shown.trim()) return;
  const wanted = field.value;
  asking?.abort();
  asking = new AbortController();
  const query = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(`/organisations/found?${query}`, { signal: asking.signal });
    if (!answer.ok) return;
    show(await answer.json());
    shown = wanted;
  } catch (error) {
    // an older question, or no network: what is shown stays, and the button asks again
    if (error.name !== "AbortError") shown = "";
  }
}

function show({ said: words, groups, more }) {
  said.textContent = words;
  results.replaceChildren(...groups.map(section), ...(more ? [next(more)] : []));
}

function section({ title, picks }) {
  const list = make("ul", ...picks.map(pick));
  list.className = "picks";
  const whole = make("section", make("h2", title), list);
  whole.className = "stack";
  return whole;
}

function pick({ name, about, href }) {
  const link = make("a", make("b", name), ...(about ? [make("span", about)] : []));
  link.href = href;
  return make("li", link);
}

function next({ href, words }) {
  const link = make("a", words);
  link.href = href;
  link.className = "button";
  return make("p", link);
}

function make(name, ...children) {
  const element = document.createElement(name);
  element.append(...children);
  return element;
}

/** To the next or previous choice; before the first one stands the field. */
function step(event, by) {
  const places = [field, ...results.querySelectorAll(".picks a")];
  const next = places[places.indexOf(document.activeElement) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
