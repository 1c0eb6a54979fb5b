/**
 * Takes over a form with a passkey: asks the browser to make or to use one, and sends what it gives.
 *
 * The button for another way is not touched: it sends the form as HTML does, with this module or without.
 */

const form = document.querySelector("form[data-passkey]");
const texts = JSON.parse(form.dataset.texts);
const registers = form.dataset.passkey === "registration";
const submit = form.querySelector("[data-submit]");
const other = form.querySelector("[name=anotherWay]");
const status = form.querySelector("[data-status]");
const template = form.querySelector("template");
const words = submit.textContent;

/** Why there can be no passkey here. */
const absent = !window.isSecureContext ? texts.insecure : !window.PublicKeyCredential ? texts.unsupported : null;

/** What ends the request that the browser works on. */
let request = null;
let busy = false;
/** Whether the form has been sent, by either button: it is sent once. */
let sent = false;

/** Bytes of base64url (RFC 4648, section 5). */
function bytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function base64url(buffer) {
  let binary = "";
  for (const byte of new Uint8Array(buffer)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The options as `navigator.credentials` takes them (Web Authentication, sections 5.4 and 5.5). */
function options() {
  const json = JSON.parse(form.dataset.options);
  const list = (descriptors) => descriptors?.map((one) => ({ ...one, id: bytes(one.id) }));
  const publicKey = { ...json, challenge: bytes(json.challenge) };
  if (registers) {
    publicKey.user = { ...json.user, id: bytes(json.user.id) };
    publicKey.excludeCredentials = list(json.excludeCredentials);
  } else {
    publicKey.allowCredentials = list(json.allowCredentials);
  }
  return publicKey;
}

/** A credential in JSON (section 5.1), as the server reads it. */
function written(credential) {
  const { response } = credential;
  const members = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const own = members.filter((member) => response[member]).map((member) => [member, base64url(response[member])]);
  const json = Object.fromEntries(own);
  if (response.getTransports) json.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: { credProps: credential.getClientExtensionResults().credProps },
    response: json,
  };
}

function send(answer) {
  if (sent) return;
  sent = true;
  const hidden = document.createElement("input");
  Object.assign(hidden, { type: "hidden", name: "passkey", value: JSON.stringify(answer) });
  form.append(hidden);
  form.submit();
}

/** Says in a summary above the form what is wrong, and gives it the focus. */
function fail(text) {
  clear();
  const summary = template.content.firstElementChild.cloneNode(true);
  summary.querySelector("a").textContent = text;
  form.closest("main").prepend(summary);
  document.title = template.dataset.titleOfError;
  summary.focus();
}

function clear() {
  document.querySelector("[data-error-summary]")?.remove();
  document.title = template.dataset.title;
}

function work(on) {
  busy = on;
  form.setAttribute("aria-busy", String(on));
  submit.setAttribute("aria-disabled", String(on));
  submit.textContent = on ? submit.dataset.working : words;
  status.textContent = on ? texts.working : "";
  status.classList.toggle("aside", !on);
}

/** How a request ended that gave no credential: the server's word for it, and ours. */
function ending(reason, took, timeout) {
  switch (reason.name) {
    case "NotAllowedError":
    case "AbortError":
      // Browsers do not say which of both it was, lest a page learns what the device has.
      if (took >= timeout) return { outcome: "TIMED_OUT", text: texts.timedOut };
      return { outcome: "CANCELLED", text: texts.stopped };
    case "InvalidStateError":
      return { outcome: "FAILED", text: registers ? texts.present : texts.failed };
    case "NotSupportedError":
    case "ConstraintError":
      return { outcome: "FAILED", message: "NotSupportedError", text: texts.unsupported };
    default:
      return { outcome: "FAILED", text: texts.failed };
  }
}

/** Tells how it ended. Where no other way is offered, the journey has to go on with that. */
function end({ outcome, message, text }, reason) {
  console.info("no passkey:", reason?.name ?? message);
  if (!other) return send({ failure: { outcome, message: message ?? reason?.name } });
  work(false);
  fail(text);
}

function ask(publicKey, mediation) {
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  return registers
    ? navigator.credentials.create({ publicKey, signal })
    : navigator.credentials.get({ publicKey, signal, mediation });
}

/** Lets the browser offer passkeys in the field for the user's name (conditional mediation), until the button is used. */
async function offer() {
  const possible = await PublicKeyCredential.isConditionalMediationAvailable?.().catch(() => false);
  if (!possible || busy) return;
  try {
    const credential = await ask(options(), "conditional");
    work(true);
    send({ credential: written(credential) });
  } catch (reason) {
    // The button ended it, or the browser had nothing to offer: the page stays as it is.
    console.info("no passkey chosen:", reason.name);
  }
}

async function press() {
  clear();
  work(true);
  const publicKey = options();
  const begun = performance.now();
  try {
    send({ credential: written(await ask(publicKey, "optional")) });
  } catch (reason) {
    end(ending(reason, performance.now() - begun, publicKey.timeout), reason);
    if (other && "autofill" in form.dataset) offer();
  }
}

form.addEventListener("submit", (event) => {
  if (event.submitter === other && other && !sent) {
    sent = true;
    return;
  }
  event.preventDefault();
  if (busy || sent) return;
  if (absent) end({ outcome: "FAILED", message: "NotSupportedError", text: absent });
  else press();
});

// A passkey needs no name: whoever types one and presses Enter goes the other way with it. An Enter that chooses among
// the words of an input method is none; Safari tells it by its code alone, because the word is chosen before the key.
form.addEventListener("keydown", (event) => {
  const names = event.target.matches("[autocomplete~=username]") && event.target.value;
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !names || !other) return;
  event.preventDefault();
  form.requestSubmit(other);
});

form.querySelector("[data-unloaded]")?.remove();
submit.disabled = false;
if (absent) fail(absent);
else if ("autofill" in form.dataset) offer();
