//! Powers of a fixed base modulo an odd number of 2048 bits, many of them quickly.
//!
//! The exponent is taken apart into 32 digits of 8 bits. For each digit's place a table holds the 256 powers that it
//! can stand for, so a power is the product of 32 numbers that are there already. All stay in the form of Montgomery
//! (*Modular multiplication without trial division*, 1985) in which they are compared.
//!
//! Nothing here takes the same time whatever the numbers are: it is for exponents that everybody may know.

use num_bigint::BigUint;

/// The length of a number in words of 64 bits.
const WORDS: usize = 32;
/// The digits of an exponent of 256 bits.
const DIGITS: usize = 32;
/// The values of a digit.
const VALUES: usize = 256;

/// A number in the form of Montgomery: times 2^2048, modulo the modulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Residue([u64; WORDS]);

/// The powers of a base modulo an odd number of 2048 bits.
pub(crate) struct Powers {
    modulus: [u64; WORDS],
    /// -1 / modulus, modulo 2^64.
    inverse: u64,
    /// The powers by place and value of a digit.
    table: Vec<Residue>,
}

impl Powers {
    /// The table for a base; it takes 2 MiB and some thousand multiplications. The modulus has 2048 bits and is odd.
    pub(crate) fn of(base: &BigUint, modulus: &BigUint) -> Powers {
        let words = words_of(modulus);
        let mut powers = Powers { modulus: words, inverse: inverse(words[0]), table: Vec::new() };
        let one = residue(&BigUint::from(1_u8), modulus);
        let mut step = residue(base, modulus);
        for _ in 0..DIGITS {
            let mut power = one;
            for _ in 0..VALUES {
                powers.table.push(power);
                power = powers.product(&power, &step);
            }
            step = power;
        }
        powers
    }

    /// A number below the modulus, to be compared with powers.
    pub(crate) fn residue(&self, number: &BigUint) -> Residue {
        residue(number, &number_of(&self.modulus))
    }

    /// The base to the power of an exponent, big-endian.
    pub(crate) fn power(&self, exponent: &[u8; DIGITS]) -> Residue {
        let mut places = exponent.iter().rev().zip(self.table.chunks_exact(VALUES));
        let entry = |(digit, values): (&u8, &[Residue])| values[usize::from(*digit)];
        let first = places.next().map_or(Residue([0; WORDS]), entry);
        places.map(entry).fold(first, |product, power| self.product(&product, &power))
    }

    /// The product of two numbers, word by word of the second (coarsely integrated operand scanning).
    fn product(&self, one: &Residue, other: &Residue) -> Residue {
        let mut sum = [0_u64; WORDS];
        let mut over = 0_u64;
        for word in other.0 {
            let mut carry = 0;
            for (sum, one) in sum.iter_mut().zip(one.0) {
                (*sum, carry) = multiplied(one, word, *sum, carry);
            }
            let (high, top) = over.overflowing_add(carry);
            let factor = sum[0].wrapping_mul(self.inverse);
            let (_, mut carry) = multiplied(factor, self.modulus[0], sum[0], 0);
            for at in 1..WORDS {
                (sum[at - 1], carry) = multiplied(factor, self.modulus[at], sum[at], carry);
            }
            let (high, more) = high.overflowing_add(carry);
            sum[WORDS - 1] = high;
            over = u64::from(top) + u64::from(more);
        }
        let mut less = [0; WORDS];
        let mut borrow = false;
        for ((less, sum), modulus) in less.iter_mut().zip(sum).zip(self.modulus) {
            let (rest, under) = sum.overflowing_sub(modulus);
            let (rest, more) = rest.overflowing_sub(u64::from(borrow));
            (*less, borrow) = (rest, under || more);
        }
        Residue(if over == 1 || !borrow { less } else { sum })
    }
}

/// one · other + sum + carry, as low and high word.
fn multiplied(one: u64, other: u64, sum: u64, carry: u64) -> (u64, u64) {
    let whole = u128::from(one) * u128::from(other) + u128::from(sum) + u128::from(carry);
    (whole as u64, (whole >> 64) as u64)
}

/// -1 / word modulo 2^64, for an odd word: each turn of Newton's method doubles the right bits.
fn inverse(word: u64) -> u64 {
    let turn = |found: u64, _| found.wrapping_mul(2_u64.wrapping_sub(word.wrapping_mul(found)));
    (0..6).fold(word, turn).wrapping_neg()
}

fn residue(number: &BigUint, modulus: &BigUint) -> Residue {
    Residue(words_of(&((number << (WORDS * 64)) % modulus)))
}

fn words_of(number: &BigUint) -> [u64; WORDS] {
    let mut words = [0; WORDS];
    for (word, digit) in words.iter_mut().zip(number.iter_u64_digits()) {
        *word = digit;
    }
    words
}

fn number_of(words: &[u64; WORDS]) -> BigUint {
    BigUint::from_bytes_le(&words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use srp::groups::G_2048;

    use super::*;
    use crate::random::random;

    #[test]
    fn powers_are_those_of_the_big_numbers() {
        let (g, n) = (&G_2048.g, &G_2048.n);
        let powers = Powers::of(g, n);
        let mut exponents = vec![[0; 32], [255; 32]];
        let mut one = [0; 32];
        one[31] = 1;
        exponents.push(one);
        exponents.extend((0..10).map(|_| random::<32>().unwrap()));
        for exponent in exponents {
            let expected = g.modpow(&BigUint::from_bytes_be(&exponent), n);
            assert_eq!(powers.power(&exponent), powers.residue(&expected));
            assert_ne!(powers.power(&exponent), powers.residue(&(expected + 1_u8)));
        }
    }

    #[test]
    fn a_product_that_is_longer_than_the_modulus_is_brought_below_it() {
        // With a modulus close to 2^2048 the sum runs over its last word.
        let modulus = (BigUint::from(1_u8) << 2048) - 1_u8;
        let base = &modulus - 2_u8;
        let powers = Powers::of(&base, &modulus);
        for exponent in [[255; 32], [170; 32]] {
            let expected = base.modpow(&BigUint::from_bytes_be(&exponent), &modulus);
            assert_eq!(powers.power(&exponent), powers.residue(&expected));
        }
    }
}
