//! EMVCo codes. An accepted code must be written again as it was read.
#![no_main]

use signs::emvco::{Verdict, Writer, read};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let reading = read(text);
    let verdict = reading.verdict();
    let Ok(code) = reading.code else { return };
    let _ = (code.networks(), code.amount_minor(), code.jpqr(), code.claim(), code.payee());
    if verdict == Verdict::Accept {
        let inner = code.objects().iter().skip(1).take(code.objects().len() - 2);
        let writer =
            inner.fold(Writer::new(), |writer, object| writer.object(object.tag, object.value));
        let written = writer.finish().expect("an accepted code can be written");
        assert!(written.eq_ignore_ascii_case(text));
    }
});
