/**
 * Takes over a form with a passcode: shows which rules are met, and sends a verifier or a proof in its place.
 *
 * The passcode's field has no name, so the browser does not send it, with this module or without.
 */

import { authenticate, available, register, renew } from "./srp.js";

/** What makes the answer of each ceremony. */
const MAKERS = { registration: register, authentication: authenticate, renewal: renew };

/** How many characters of a kind a passcode needs; the same kinds as the policy's on the server. */
const KINDS = {
  digitCount: /\p{N}/gu,
  symbolCount: /[^\p{Alphabetic}\p{N}]/gu,
  lowerCaseCount: /\p{Lowercase}/gu,
  upperCaseCount: /\p{Uppercase}/gu,
};

/**
 * While passcodes that were imported as hashes wait, the server first sees the proof, and asks for the passcode itself
 * if that is not right, whoever the user is. How it ended is told by the next page alone.
 */
async function takeLane(form, { clientPublicKey, m1 }, passcode) {
  const question = (name) => form.elements.namedItem(name).value;
  const ask = async (fields) => {
    const body = new URLSearchParams({ topic: question("topic"), nonce: question("nonce"), ...fields });
    const answer = await fetch(`${form.action}/passcode`, { method: "POST", body, redirect: "error" });
    return answer.ok ? (await answer.json()).next : "COMPLETE";
  };
  if ((await ask({ clientPublicKey, m1 })) === "PASSCODE") await ask({ passcode: passcode.normalize("NFC") });
}

/** How long the page waits after a keystroke before it tells a screen reader how many rules are met. */
const QUIET = 700;

function found(pattern, passcode) {
  try {
    return new RegExp(pattern, "u").test(passcode);
  } catch {
    return null;
  }
}

/** Whether a passcode in normal form C keeps one rule of the list. */
export function isMet({ rule, count, patterns }, passcode) {
  const characters = [...passcode];
  switch (rule) {
    case "minimumLength":
      return characters.length >= count;
    case "maximumLength":
      return characters.length <= count;
    case "characterVariety":
      return new Set(characters).size >= count;
    case "required":
    case "allowed":
      return patterns.some((pattern) => found(pattern, passcode) !== false);
    case "disallowed":
      return patterns.every((pattern) => found(pattern, passcode) !== true);
    default:
      return (passcode.match(KINDS[rule]) ?? []).length >= count;
  }
}

function rulesOf(field) {
  return [...field.querySelectorAll("[data-rule]")].map((line) => ({
    line,
    state: line.querySelector("[data-state]"),
    rule: line.dataset.rule,
    count: Number(line.dataset.count),
    patterns: JSON.parse(line.dataset.patterns || "[]"),
    isQuiet: "quiet" in line.dataset,
  }));
}

function takeOver(field) {
  const form = field.closest("form");
  const input = field.querySelector("input");
  const reveal = field.querySelector("[data-reveal]");
  const status = field.querySelector("[data-status]");
  const submit = form.querySelector("[data-submit]");
  const template = form.querySelector("template");
  const texts = JSON.parse(field.dataset.texts);
  const rules = rulesOf(field);
  const repeats = [...form.querySelectorAll("[data-repeat]")];
  const current = form.querySelector("[data-current]");
  /** The fields at which something can be wrong, in their order. */
  const own = current ? [current, input] : [input];
  const words = submit.textContent;
  let busy = false;
  let telling = 0;

  const passcode = () => input.value.normalize("NFC");
  const say = (text) => {
    clearTimeout(telling);
    status.textContent = text;
  };

  /** Says at a field what is wrong there, or that nothing is any more. */
  function mark(at, text) {
    const place = at.closest(".field");
    const error = place.querySelector(".error");
    error.hidden = !text;
    error.querySelector("[data-error]").textContent = text;
    place.classList.toggle("is-wrong", Boolean(text));
    if (text) at.setAttribute("aria-invalid", "true");
    else at.removeAttribute("aria-invalid");
    const list = at === input && rules.length > 0 && `rules-${at.id.slice("field-".length)}`;
    const described = [text && error.id, list].filter(Boolean).join(" ");
    if (described) at.setAttribute("aria-describedby", described);
    else at.removeAttribute("aria-describedby");
  }

  /** Says at the fields and in a summary above the form what is wrong, and gives the summary the focus. */
  function fail(...flaws) {
    document.querySelector("[data-error-summary]")?.remove();
    for (const at of own) mark(at, "");
    const summary = template.content.firstElementChild.cloneNode(true);
    const line = summary.querySelector("li");
    for (const [at, text] of flaws) {
      mark(at, text);
      const row = line.cloneNode(true);
      Object.assign(row.querySelector("a"), { href: `#${at.id}`, textContent: text });
      line.before(row);
    }
    line.remove();
    form.closest("main").prepend(summary);
    document.title = template.dataset.titleOfError;
    summary.focus();
  }

  /** Forgets what was wrong at a field, as soon as somebody writes there. */
  function settle(at) {
    if (!at.hasAttribute("aria-invalid")) return;
    mark(at, "");
    const summary = document.querySelector("[data-error-summary]");
    summary?.querySelector(`[href="#${at.id}"]`)?.closest("li").remove();
    if (summary?.querySelector("li")) return;
    summary?.remove();
    document.title = template.dataset.title;
  }

  /** Shows the state of each rule and answers whether all are met. */
  function look() {
    const value = passcode();
    let met = 0;
    for (const rule of rules) {
      const good = isMet(rule, value) && value !== "";
      met += good ? 1 : 0;
      rule.line.classList.toggle("is-met", good);
      rule.line.hidden = rule.isQuiet && (good || value === "");
      rule.state.textContent = ` (${good ? texts.met : texts.unmet})`;
    }
    const progress = texts.progress.replace("{met}", met).replace("{all}", rules.length);
    return { all: met === rules.length, progress };
  }

  function show(visible) {
    for (const one of [...own, ...repeats]) one.type = visible ? "text" : "password";
    reveal.textContent = visible ? texts.hide : texts.show;
    reveal.setAttribute("aria-label", visible ? texts.hideLabel : texts.showLabel);
  }

  function work(on) {
    busy = on;
    form.setAttribute("aria-busy", String(on));
    submit.setAttribute("aria-disabled", String(on));
    submit.textContent = on ? texts.working : words;
    if (on) say(texts.working);
  }

  async function send() {
    work(true);
    try {
      const info = JSON.parse(field.dataset.srp);
      const answer = await MAKERS[field.dataset.passcode](info, input.value, current?.value);
      if (info.lane) await takeLane(form, answer, input.value);
      for (const [name, value] of Object.entries(answer)) {
        const hidden = document.createElement("input");
        Object.assign(hidden, { type: "hidden", name, value });
        form.append(hidden);
      }
      form.submit();
    } catch (reason) {
      console.error(reason);
      work(false);
      fail([input, texts.failed]);
    }
  }

  input.addEventListener("input", () => {
    if (rules.length === 0) return;
    const { progress } = look();
    clearTimeout(telling);
    telling = setTimeout(() => say(progress), QUIET);
  });
  for (const at of own) at.addEventListener("input", () => settle(at));
  reveal.addEventListener("click", () => {
    const visible = input.type === "password";
    show(visible);
    say(visible ? texts.shown : texts.hidden);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    show(false);
    const flaws = current?.value === "" ? [[current, current.dataset.missing]] : [];
    if (input.value === "") flaws.push([input, texts.missing]);
    else if (!look().all) flaws.push([input, texts.rulesNotMet]);
    else if (repeats.some((one) => one.value !== input.value)) flaws.push([input, texts.differs]);
    if (flaws.length > 0) fail(...flaws);
    else send();
  });

  form.querySelector("[data-unloaded]")?.remove();
  reveal.hidden = false;
  look();
  if (!available()) return fail([input, texts.insecure]);
  submit.disabled = false;
}

for (const field of document.querySelectorAll("[data-passcode]")) takeOver(field);
