/**
 * Published and worked examples of SRP-6a, run through the very code of the pages.
 *
 * `check(srp, vectors)` takes the module srp.js and a list of vectors, and answers the names of the values that differ.
 * A vector has the members hash, N, g, I, P, s, a, B in hexadecimal (I and P as text), and any of k, x, v, A, u, S, K, M1, M2.
 */

const bare = (hex) => hex.replace(/\s/g, "").toUpperCase();

export async function check(srp, vectors) {
  const wrong = [];
  for (const [at, vector] of vectors.entries()) {
    const big = (name) => BigInt(`0x${bare(vector[name])}`);
    const suite = { n: big("N"), g: big("g"), hash: vector.hash };
    const salt = srp.bytes(big("s"), bare(vector.s).length / 2);
    const width = srp.width(suite);
    const made = await srp.proof(suite, vector.I, vector.P, salt, big("B"), big("a"));
    const found = {
      k: srp.bytes(await srp.multiplier(suite)),
      x: srp.bytes(await srp.privateKey(suite, vector.I, vector.P, salt)),
      v: srp.bytes(await srp.verifier(suite, vector.I, vector.P, salt), width),
      A: srp.bytes(made.clientKey, width),
      u: srp.bytes(made.scrambler),
      S: srp.bytes(made.secret, width),
      K: made.key,
      M1: made.m1,
      M2: made.m2,
    };
    for (const [name, value] of Object.entries(found)) {
      const hex = Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
      const expected = vector[name] && bare(vector[name]);
      const same = expected && hex.replace(/^0+/, "") === expected.replace(/^0+/, "");
      if (expected && !same) wrong.push(`${at}: ${name} is ${hex}`);
    }
  }
  return wrong;
}
