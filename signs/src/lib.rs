//! What a store shows to a phone: printed codes and radio frames, read and written.
