package org.picket.crawler.removal;

/// What came of an order. No text in it names an object.
public sealed interface Outcome {

    /// The object is out of sight and can be released.
    ///
    /// @param where its place inside the storage, of the private prefix and an order id
    record Quarantined(String where, Assurance assurance) implements Outcome {}

    /// The object is back at its key.
    record Released() implements Outcome {}

    /// The object is deleted for good.
    record Purged(Assurance assurance) implements Outcome {}

    /// This very order was carried out, or refused, before.
    ///
    /// @param first what came of it then
    record AlreadyDone(Outcome first) implements Outcome {}

    /// Nothing was touched.
    record Refused(RefusalReason reason) implements Outcome {}

    /// The object was not there, and no earlier attempt of this order had taken it.
    record Gone() implements Outcome {}

    /// It could not be done.
    ///
    /// @param reason for people
    /// @param retryable whether the same order may succeed later without anybody changing anything
    record Failed(String reason, boolean retryable) implements Outcome {}

    /// How certain it is that nothing but the content that was ruled on was taken away.
    enum Assurance {
        /// The storage itself ensured it, or the content was taken aside and hashed before its end.
        EXACT,
        /// The storage cannot ensure it: the content was hashed immediately before, and a replacement in that
        /// moment would have been taken instead.
        RECHECKED
    }
}
