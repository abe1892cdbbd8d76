package org.picket.crawler.source;

import java.util.Objects;

/// What came of reading one listed object. All of it is expected in a living storage, so none of it is an
/// exception.
public sealed interface Fetched {

    /// The whole content, and nothing but the content of the version that was asked for.
    ///
    /// @param reference what was read; its key, version and size are those asked for
    /// @param bytes exactly `reference.sizeBytes()` bytes, owned by the receiver
    record Content(ObjectReference reference, byte[] bytes) implements Fetched {
        public Content {
            if (bytes.length != reference.sizeBytes()) {
                throw new IllegalArgumentException("content is not as long as its reference says");
            }
        }
    }

    /// The key, or that version of it, is no longer there.
    record Gone() implements Fetched {}

    /// The key now holds something else; `now` says what.
    record Changed(ObjectReference now) implements Fetched {
        public Changed {
            Objects.requireNonNull(now, "now");
        }
    }

    /// The object is longer than the caller takes; nothing was read.
    ///
    /// @param sizeBytes its length
    record TooLarge(long sizeBytes) implements Fetched {}

    /// The storage did not give the object, after every retry. Nothing is known about the content.
    ///
    /// @param reason what stood in the way
    record Unreachable(Reason reason) implements Fetched {}

    /// What stood in the way of reading an object.
    enum Reason {
        /// This process may not read it.
        PERMISSION_DENIED(false),
        /// The key leads through or to a symbolic link, or is no path below the root.
        OUTSIDE_STORAGE(false),
        /// It is a directory, a pipe, a socket or a device.
        NOT_A_FILE(false),
        /// The server refused the request for another reason.
        REFUSED(false),
        /// The content ended early or did not have the length announced, at every attempt.
        WRONG_LENGTH(true),
        /// The server was too slow, at every attempt.
        TIMED_OUT(true),
        /// The server asked for fewer requests, at every attempt.
        THROTTLED(true),
        /// Disk or network failed, or the server answered with an error of its own.
        STORAGE_FAULT(true);

        private final boolean worthRetrying;

        Reason(boolean worthRetrying) {
            this.worthRetrying = worthRetrying;
        }

        /// Whether the same request may succeed later without anybody changing anything.
        public boolean worthRetrying() {
            return worthRetrying;
        }
    }
}
