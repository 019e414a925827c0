// How a key looks: a row to choose it by, and the card «Это вы». Text comes from certificates, so it is only ever text.
import { ordinaryLetters } from "./key-rules.js";

/**
 * @param {(code: string) => string|undefined} word  words of the page
 * @param {ReturnType<import("./key-rules.js").keyJudge>} judge
 */
export function keyViews(word, judge) {
  /** A row of the list; a key that cannot be used says why. */
  function choice(key, { checked, chosen }) {
    const element = document.getElementById("key-choice").content.cloneNode(true);
    const inside = named("field", element);
    const radio = element.querySelector("input");
    radio.disabled = Boolean(key.objection);
    radio.checked = checked;
    radio.addEventListener("change", () => chosen(key));
    inside.owner.textContent = ordinaryLetters(key.owner);
    about(inside.about, key);
    inside.until.textContent = `${judge.day(key.notBefore)} – ${judge.day(key.notAfter)} · ${algorithm(key)}`;
    if (key.objection) {
      inside.why.hidden = false;
      inside.why.textContent = objection(key.objection);
    }
    return element;
  }

  function objection({ word: code, at }) {
    return word(code).replace("{}", at ? judge.moment(at) : "");
  }

  function card(key) {
    const element = document.getElementById("key-card").content.cloneNode(true);
    const inside = named("field", element);
    const soon = judge.endsSoon(key);
    element.querySelector("[data-state='valid']").hidden = soon;
    element.querySelector("[data-state='soon']").hidden = !soon;
    element.querySelector(".certificate").classList.toggle("lifetime-soon", soon);
    element.querySelector(".lifetime-past").setAttribute("width", `${judge.elapsed(key)}%`);
    element.querySelector(".lifetime-today").setAttribute("cx", `${judge.elapsed(key)}%`);
    inside.purpose.textContent = word(judge.isForBoth(key) ? "purpose-both" : "purpose-sign-in");
    inside.owner.textContent = ordinaryLetters(key.owner);
    about(inside.about, key);
    inside["from-date"].textContent = judge.day(key.notBefore);
    inside["until-date"].textContent = judge.day(key.notAfter);
    const span = word("from-to").replace("{from}", judge.moment(key.notBefore));
    inside.validity.textContent = span.replace("{until}", judge.moment(key.notAfter));
    inside.serial.textContent = key.serial;
    inside.issuer.textContent = key.issuer;
    inside.issuer.lang = key.issuerLang;
    inside.algorithm.textContent = algorithm(key);
    if (key.storage) {
      inside.storage.hidden = false;
      inside.storage.querySelector("dd").textContent = word(`storage-${key.storage}`) ?? key.storage;
    }
    inside.facts.prepend(...[...key.personIds, ...key.organisationIds].map(number));
    return element;
  }

  /** In what capacity the owner acts, and for which organisation: «Первый руководитель · АО «Тест»». */
  function about(element, key) {
    const parts = [key.title ?? word(key.role && `role-${key.role}`), key.organisation].filter(Boolean);
    element.hidden = parts.length === 0;
    element.replaceChildren(
      ...parts.flatMap((text, place) => {
        const part = document.createElement("bdi");
        part.textContent = text;
        return place === 0 ? [part] : [" · ", part];
      }),
    );
  }

  /** The algorithm in words: standards of Russia and Kazakhstan are called differently in each language. */
  function algorithm(key) {
    const [, name, number] = /^(GOST R|GOST) (.*)$/.exec(key.algorithm) ?? [];
    return word(name && `algorithm-${name}`)?.replace("{}", number) ?? key.algorithm;
  }

  /** A number with its name; the state is part of the name where it does not go without saying. */
  function number({ country, kind, value }) {
    const fact = document.createElement("div");
    const name = document.createElement("dt");
    const digits = document.createElement("dd");
    name.textContent = word(`id-${kind}`)?.replace("{}", country) ?? kind;
    digits.className = "number";
    digits.textContent = value;
    fact.append(name, digits);
    return fact;
  }

  return { choice, card, objection };
}

/** Elements by what their data attribute calls them. */
export function named(attribute, within) {
  const elements = within.querySelectorAll(`[data-${attribute}]`);
  return Object.fromEntries(Array.from(elements, (element) => [element.dataset[attribute], element]));
}
