//! Wrong: reports at once, without a future that others could run beside.

fn count_words(text: &str) -> impl Future<Output = usize> + use<> {
    std::future::ready(text.split_whitespace().count())
}
