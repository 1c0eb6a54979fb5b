//! Hashes that other programs made, and settings that are refused.

use super::*;

#[test]
fn hashes_of_other_systems_are_verified() {
    #[rustfmt::skip]
    let cases = [
        // The test vectors of crypt_blowfish and of the argon2 reference; the others are made with Python's hashlib.
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
        ("$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"),
        ("$argon2i$v=19$m=65536,t=2,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG", "password"),
        ("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password"),
        ("$pbkdf2$1000$yMnKy8zNzs/Q0dLT1NXW1w$MajnidV71koM5YTcxWV0TiMsJ4A", "pässword"),
        ("$pbkdf2-sha256$1000$yMnKy8zNzs/Q0dLT1NXW1w$jVUFB3kU0uIZGGNuVlJVFp7QuHMuoKw3TXT/STUf2yE", "pässword"),
        ("$pbkdf2-sha256$i=1000,l=32$yMnKy8zNzs/Q0dLT1NXW1w$jVUFB3kU0uIZGGNuVlJVFp7QuHMuoKw3TXT/STUf2yE", "pässword"),
        ("$pbkdf2-sha512$1000$yMnKy8zNzs/Q0dLT1NXW1w$Eq38QkOTayzJUksb.zRgy19wJ3DJULBA1gc6ME9aAGfFpSm.UrMCoWoL1E.KPYd4G.j13wrg2sIvBc/QgGbDQA", "pässword"),
        ("pbkdf2_sha256$1000$seasalt$EqCL4TJDvY77OVYjQped2t9qDQ3xEdvvzv1yQvLuPH0=", "pässword"),
        ("$scrypt$ln=10,r=8,p=2$yMnKy8zNzs/Q0dLT1NXW1w$0W62GfwQaOeBayN87zDtSXq9S50D4Vwu4onYTOJV0JA", "pässword"),
    ];
    for (text, passcode) in cases {
        let hash = Hash::read(text).unwrap();
        assert!(hash.matches(passcode.as_bytes()), "{text}");
        assert!(!hash.matches(b"Password"), "{text}");
        assert!(!hash.matches(b""), "{text}");
    }
}

#[test]
fn a_template_costs_the_same_and_is_nobodys() {
    for text in [
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$argon2id$v=19$m=1024,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$scrypt$ln=10,r=8,p=2$yMnKy8zNzs/Q0dLT1NXW1w$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$pbkdf2-sha512$1000$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    ] {
        let template = Hash::read(text).unwrap().template();
        let hash = Hash::read(&template).unwrap();
        assert_eq!(hash.template(), template);
        assert_ne!(text, template);
        assert!(!hash.matches(b"U*U"));
    }
}

#[test]
fn what_is_no_hash_or_costs_too_much_is_refused() {
    let digest = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    #[rustfmt::skip]
    let cases = [
        ("",                                                       FORM),
        ("password",                                               FORM),
        ("$1$abcdefgh$irWbblnpmw.5z7wgBnprh0",                     FORM),
        ("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YM",  FORM),
        ("$2b$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", COSTLY),
        ("$argon2id$v=19$m=1048576,t=1,p=1$c29tZXNhbHQ$DIGEST",    COSTLY),
        ("$argon2id$v=19$m=65536,t=17,p=1$c29tZXNhbHQ$DIGEST",     COSTLY),
        ("$argon2id$v=19$m=65536,t=2$c29tZXNhbHQ$DIGEST",          FORM),
        ("$argon2id$v=19$m=0,t=0,p=0$c29tZXNhbHQ$DIGEST",          FORM),
        ("$scrypt$ln=18,r=8,p=1$c29tZXNhbHQ$DIGEST",               COSTLY),
        ("$scrypt$ln=17,r=8,p=4$c29tZXNhbHQ$DIGEST",               COSTLY),
        ("$scrypt$ln=14,r=4294967295,p=1$c29tZXNhbHQ$DIGEST",      COSTLY),
        ("$scrypt$ln=64,r=8,p=1$c29tZXNhbHQ$DIGEST",               FORM),
        ("$pbkdf2-sha256$4000000$c29tZXNhbHQ$DIGEST",              COSTLY),
        ("$pbkdf2-sha256$0$c29tZXNhbHQ$DIGEST",                    FORM),
        ("$pbkdf2-md5$1000$c29tZXNhbHQ$DIGEST",                    FORM),
        ("pbkdf2_sha256$1000$salt",                                FORM),
    ];
    for (text, reason) in cases {
        let text = text.replace("DIGEST", digest);
        assert_eq!(Hash::read(&text).err(), Some(reason), "{text}");
    }
    let short = Hash::read("$pbkdf2-sha256$1000$c29tZXNhbHQ$c29tZXNhbHQ").err();
    assert_eq!(short.map(|reason| &reason[..8]), Some("the salt"));
}
