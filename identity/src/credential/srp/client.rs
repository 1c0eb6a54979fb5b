//! An SRP client for tests, written from RFC 5054 and RFC 2945 without the server's code.

use num_bigint::BigUint;
use sha2::Digest;

/// The modulus of the 2048-bit group of RFC 5054 appendix A.
pub(crate) const N_2048: &str = "\
    AC6BDB41324A9A9BF166DE5E1389582FAF72B6651987EE07FC3192943DB56050A37329CBB4A099ED\
    8193E0757767A13DD52312AB4B03310DCD7F48A9DA04FD50E8083969EDB767B0CF6095179A163AB3\
    661A05FBD5FAAAE82918A9962F0B93B855F97993EC975EEAA80D740ADBF4FF747359D041D5C33EA7\
    1D281E446B14773BCA97B43A23FB801676BD207A436C6481F1D2B9078717461A5B9D32E688F87748\
    544523B524B0D57D5EA77A2775D2ECFA032CFBDBF52FB3786160279004E57AE6AF874E7303CE5329\
    9CCC041C7BC308D82A5698F3A8D0C38271AE35F8E9DBFBB694B5C803D89F7AE435DE236D525F5475\
    9B65E372FCD68EF20FA7111F9E4AFF73";

/// Somebody at a page: the group, what the server said, and the passcode typed.
pub(crate) struct Client {
    pub(crate) n: BigUint,
    pub(crate) g: BigUint,
    pub(crate) i: String,
    pub(crate) salt: Vec<u8>,
    pub(crate) passcode: String,
}

/// What a client computes for one authentication.
pub(crate) struct Answer {
    pub(crate) a_public: Vec<u8>,
    pub(crate) u: BigUint,
    pub(crate) secret: Vec<u8>,
    pub(crate) key: Vec<u8>,
    pub(crate) m1: Vec<u8>,
    pub(crate) m2: Vec<u8>,
}

impl Client {
    /// A client of the product: 2048 bits, g = 2.
    pub(crate) fn new(i: &str, salt: &[u8], passcode: &str) -> Self {
        let n = BigUint::parse_bytes(N_2048.as_bytes(), 16).unwrap();
        let (i, salt, passcode) = (i.to_owned(), salt.to_vec(), passcode.to_owned());
        Self { n, g: BigUint::from(2_u8), i, salt, passcode }
    }

    pub(crate) fn x<D: Digest>(&self) -> BigUint {
        let inner = hash::<D>(&[format!("{}:{}", self.i, self.passcode).as_bytes()]);
        BigUint::from_bytes_be(&hash::<D>(&[&self.salt, &inner]))
    }

    pub(crate) fn k<D: Digest>(&self) -> BigUint {
        BigUint::from_bytes_be(&hash::<D>(&[&self.pad(&self.n), &self.pad(&self.g)]))
    }

    /// The verifier, padded.
    pub(crate) fn verifier<D: Digest>(&self) -> Vec<u8> {
        self.pad(&self.g.modpow(&self.x::<D>(), &self.n))
    }

    /// Answers the server's public key with the ephemeral secret `a`.
    pub(crate) fn answer<D: Digest>(&self, a: &BigUint, b_public: &[u8]) -> Answer {
        let big_b = BigUint::from_bytes_be(b_public);
        let a_public = self.pad(&self.g.modpow(a, &self.n));
        let b_public = self.pad(&big_b);
        let u = BigUint::from_bytes_be(&hash::<D>(&[&a_public, &b_public]));
        let x = self.x::<D>();
        let kv = self.k::<D>() * self.g.modpow(&x, &self.n) % &self.n;
        let secret = self.pad(&((big_b + &self.n - kv) % &self.n).modpow(&(a + &u * &x), &self.n));
        let key = hash::<D>(&[&secret]);
        let mut group = hash::<D>(&[&self.n.to_bytes_be()]);
        for (n, g) in group.iter_mut().zip(hash::<D>(&[&self.g.to_bytes_be()])) {
            *n ^= g;
        }
        let identity = hash::<D>(&[self.i.as_bytes()]);
        let m1 = hash::<D>(&[&group, &identity, &self.salt, &a_public, &b_public, &key]);
        let m2 = hash::<D>(&[&a_public, &m1, &key]);
        Answer { a_public, u, secret, key, m1, m2 }
    }

    fn pad(&self, number: &BigUint) -> Vec<u8> {
        let (length, bytes) = (self.n.to_bytes_be().len(), number.to_bytes_be());
        [vec![0; length - bytes.len()], bytes].concat()
    }
}

fn hash<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    D::digest(parts.concat()).to_vec()
}
