package org.picket.proto.limit;

/// The bounds of the contract. Both ends hold to them; a message beyond one is refused.
public final class Limits {
    /// The version of the contract that this build speaks. To be raised, by one, in each release that says or keeps
    /// anything that the one before does not; proto/README.md has what each of them brought.
    public static final int CONTRACT_VERSION = 2;

    /// Objects in one shard.
    public static final int SHARD_OBJECTS = 512;
    /// Objects in one segment of a lease.
    public static final int SEGMENT_OBJECTS = 64;
    /// Objects in one range of a listing.
    public static final int RANGE_OBJECTS = 128;
    /// Ranges in one push.
    public static final int PUSH_RANGES = 1_024;
    /// Views of one object.
    public static final int OBJECT_VIEWS = 32;
    /// Concepts of one bundle, and of all bundles together that may score one object.
    public static final int BUNDLE_CONCEPTS = 1_024;
    /// Bundles that may score an object after the first one.
    public static final int FURTHER_BUNDLES = 4;
    /// Side of a view, in pixels.
    public static final int VIEW_SIZE = 1_024;
    /// The one way of making views that this build knows; proto/README.md describes it.
    public static final int PREPROCESSING_VERSION = 4;
    /// Content hashes in one probe.
    public static final int PROBE_HASHES = 512;
    /// Orders or receipts in one call.
    public static final int REMOVAL_BATCH = 256;
    /// Findings on one page.
    public static final int FINDINGS_PAGE = 1_000;
    /// Bytes of a key: what S3 allows.
    public static final int KEY_BYTES = 1_024;
    /// Bytes of any sealed statement.
    public static final int STATEMENT_BYTES = 16 * 1_024;
    /// Bytes of any message other than a view or a report.
    public static final int MESSAGE_BYTES = 4 * 1_024 * 1_024;
    /// Bytes of a report with its scores.
    public static final int REPORT_BYTES = 16 * 1_024 * 1_024;

    /// Entries of a hash list in one call.
    public static final int LIST_ENTRIES = 20_000;
    /// Lists that have one object.
    public static final int LIST_HITS = 16;
    /// Hash lists of one site, beside those of policies.
    public static final int LISTS = 256;

    /// Bytes of a certificate as it is sent to a peer.
    public static final int CERTIFICATE_BYTES = 4 * 1_024;
    /// Bytes that a frame on the relay has beyond its views message, and the message beyond its pixels.
    public static final int FRAME_OVERHEAD_BYTES = 256;
    /// Bytes of any part on the relay.
    public static final int RELAY_PART_BYTES = 3 * VIEW_SIZE * VIEW_SIZE + FRAME_OVERHEAD_BYTES;
    /// Bytes that a crawler may send over the relay ahead of what the agent takes.
    public static final int RELAY_CREDIT_BYTES = 1_024 * 1_024;

    /// Bytes of one chunk of an artifact.
    public static final int ARTIFACT_CHUNK_BYTES = 256 * 1_024;
    /// Bytes of one artifact.
    public static final long ARTIFACT_BYTES = 4L << 30;
    /// Bundles that are wanted of an agent at once, and packs for its platform.
    public static final int WANTED_ARTIFACTS = 64;

    /// Policies that one coordinator hands out.
    public static final int SHELVED_POLICIES = 64;

    /// Bytes of a policy that is handed out.
    public static final int POLICY_BYTES = 3 * 1_024 * 1_024;

    /// Leases that an agent says it holds.
    public static final int HELD_LEASES = 64;

    private Limits() {}
}
