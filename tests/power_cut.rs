//! Power cuts: a copy of a loop device taken mid-write keeps everything that was acknowledged.
