/**
 * SRP-6a in the browser (RFC 5054, RFC 2945): a passcode becomes a verifier or a proof and never leaves the page.
 *
 * A suite is a group and a digest: { n, g, hash }. Numbers are BigInt, bytes are Uint8Array, both big-endian.
 * PAD means: with leading zeros up to the length of n. All texts are UTF-8.
 */

/** The 2048-bit group of RFC 5054, appendix A, with SHA-256: the only suite that the pages accept. */
export const SUITE = Object.freeze({
  n: BigInt(
    "0xAC6BDB41324A9A9BF166DE5E1389582FAF72B6651987EE07FC3192943DB56050A37329CBB4A099ED" +
      "8193E0757767A13DD52312AB4B03310DCD7F48A9DA04FD50E8083969EDB767B0CF6095179A163AB3" +
      "661A05FBD5FAAAE82918A9962F0B93B855F97993EC975EEAA80D740ADBF4FF747359D041D5C33EA7" +
      "1D281E446B14773BCA97B43A23FB801676BD207A436C6481F1D2B9078717461A5B9D32E688F87748" +
      "544523B524B0D57D5EA77A2775D2ECFA032CFBDBF52FB3786160279004E57AE6AF874E7303CE5329" +
      "9CCC041C7BC308D82A5698F3A8D0C38271AE35F8E9DBFBB694B5C803D89F7AE435DE236D525F5475" +
      "9B65E372FCD68EF20FA7111F9E4AFF73",
  ),
  g: 2n,
  hash: "SHA-256",
});

/** True where the browser lets a page compute digests: over https, and on localhost. */
export const available = () => Boolean(globalThis.crypto?.subtle) && typeof BigInt === "function";

const encoder = new TextEncoder();

/** The number of a big-endian byte string. */
export function number(bytes) {
  let hex = "0x0";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return BigInt(hex);
}

/** A number as the fewest bytes, or as exactly `length` bytes. */
export function bytes(value, length = 0) {
  const hex = value.toString(16);
  const digits = hex.padStart(Math.max(length * 2, hex.length + (hex.length % 2)), "0");
  return Uint8Array.from(digits.match(/../g), (pair) => Number.parseInt(pair, 16));
}

/** The length of a suite's group in bytes. */
export const width = ({ n }) => bytes(n).length;

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The digest of several byte strings, one after the other. */
export const digest = async ({ hash }, ...parts) =>
  new Uint8Array(await crypto.subtle.digest(hash, joined(...parts)));

/** Bytes of base64 or base64url, padded or not. */
export function fromBase64(text) {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  return Uint8Array.from(atob(plain), (character) => character.charCodeAt(0));
}

/** Base64 with padding. */
export const toBase64 = (raw) => btoa(String.fromCharCode(...raw));

/** base^exponent mod modulus, four bits of the exponent at a time. */
export function power(base, exponent, modulus) {
  const table = [1n];
  for (let i = 1; i < 16; i += 1) table.push((table[i - 1] * base) % modulus);
  let result = 1n;
  for (const digit of exponent.toString(16)) {
    for (let i = 0; i < 4; i += 1) result = (result * result) % modulus;
    result = (result * table[Number.parseInt(digit, 16)]) % modulus;
  }
  return result;
}

/** k = H(N | PAD(g)) (RFC 5054, section 2.5.3). */
export const multiplier = async (suite) =>
  number(await digest(suite, bytes(suite.n), bytes(suite.g, width(suite))));

/** x = H(s | H(I | ":" | P)), the passcode in normal form C (RFC 5054, section 2.4). */
export async function privateKey(suite, identity, passcode, salt) {
  const inner = await digest(suite, encoder.encode(`${identity}:${passcode.normalize("NFC")}`));
  return number(await digest(suite, salt, inner));
}

/** v = g^x mod N. */
export async function verifier(suite, identity, passcode, salt) {
  return power(suite.g, await privateKey(suite, identity, passcode, salt), suite.n);
}

/** u = H(PAD(A) | PAD(B)) (RFC 5054, section 2.6). */
export async function scrambler(suite, clientKey, serverKey) {
  const length = width(suite);
  return number(await digest(suite, bytes(clientKey, length), bytes(serverKey, length)));
}

/** 256 random bits that are not all zero. */
export function randomExponent() {
  const raw = crypto.getRandomValues(new Uint8Array(32));
  return number(raw) || randomExponent();
}

/**
 * The client's side of one authentication (RFC 5054, section 2.6; RFC 2945, section 3).
 *
 * Answers A, the premaster secret S, K = H(PAD(S)),
 * M1 = H((H(N) xor H(g)) | H(I) | s | PAD(A) | PAD(B) | K) and M2 = H(PAD(A) | M1 | K).
 * Throws when the server's key is 0 modulo N, or u is 0.
 */
export async function proof(suite, identity, passcode, salt, serverKey, exponent = randomExponent()) {
  const { n, g } = suite;
  const length = width(suite);
  if (serverKey % n === 0n || serverKey < 0n || serverKey >= n) throw new RangeError("the server's key is not usable");
  const clientKey = power(g, exponent, n);
  const u = await scrambler(suite, clientKey, serverKey);
  if (u === 0n) throw new RangeError("the server's key is not usable");
  const x = await privateKey(suite, identity, passcode, salt);
  const k = await multiplier(suite);
  const blinded = (serverKey + n - ((k * power(g, x, n)) % n)) % n;
  const secret = power(blinded, exponent + u * x, n);
  const key = await digest(suite, bytes(secret, length));
  const [hashOfN, hashOfG] = [await digest(suite, bytes(n)), await digest(suite, bytes(g))];
  const m1 = await digest(
    suite,
    hashOfN.map((byte, at) => byte ^ hashOfG[at]),
    await digest(suite, encoder.encode(identity)),
    salt,
    bytes(clientKey, length),
    bytes(serverKey, length),
    key,
  );
  const m2 = await digest(suite, bytes(clientKey, length), m1, key);
  return { clientKey, scrambler: u, secret, key, m1, m2 };
}

/** What the page needs of `algorithmInfo`; throws unless it is exactly the suite that the pages accept. */
export function challenge({ type, parameters }) {
  const { i, n, g, hashAlgorithm, salt, serverPublicKey } = parameters;
  const known = type === "SRP" && hashAlgorithm === SUITE.hash && BigInt(g) === SUITE.g && number(fromBase64(n)) === SUITE.n;
  if (!known || typeof i !== "string" || i === "") throw new TypeError("this kind of passcode is not known here");
  return {
    identity: i,
    salt: fromBase64(salt),
    serverKey: serverPublicKey === undefined || serverPublicKey === null ? null : number(fromBase64(serverPublicKey)),
  };
}

/**
 * The answer to a registration: `srpRegistrationData`.
 *
 * `history` holds `{ i, salt }` of each passcode that the new one is compared with: the server knows their verifiers,
 * and compares them with what the verifier of the new one would be in their place.
 */
export async function register({ history = [], ...algorithmInfo }, passcode) {
  const { identity, salt } = challenge(algorithmInfo);
  const make = async (i, s) => toBase64(bytes(await verifier(SUITE, i, passcode, s), width(SUITE)));
  const answer = { verifier: await make(identity, salt) };
  if (history.length === 0) return answer;
  const historyVerifiers = [];
  for (const former of history) historyVerifiers.push(await make(former.i, fromBase64(former.salt)));
  return { ...answer, historyVerifiers };
}

/** The answer to a renewal: `srpVerificationData` of the present passcode, `srpRegistrationData` of the new one. */
export async function renew({ current, ...algorithmInfo }, passcode, present) {
  return { ...(await authenticate(current, present)), ...(await register(algorithmInfo, passcode)) };
}

/** The answer to an authentication: `srpVerificationData`. */
export async function authenticate(algorithmInfo, passcode) {
  const { identity, salt, serverKey } = challenge(algorithmInfo);
  if (serverKey === null) throw new TypeError("the server's key is missing");
  const { clientKey, m1 } = await proof(SUITE, identity, passcode, salt, serverKey);
  return { clientPublicKey: toBase64(bytes(clientKey, width(SUITE))), m1: toBase64(m1) };
}
