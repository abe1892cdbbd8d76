package org.picket.coordinator.hashlist;

import java.util.List;
import java.util.Optional;
import org.picket.coordinator.policy.HashList;
import org.picket.proto.id.SiteId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// The lists within the policy of a storage, which its crawler matches together with the imported ones.
@FunctionalInterface
public interface PolicyLists {
    /// Empty where the storage is not registered.
    Optional<Of> find(StorageId storage);

    /// Those of one storage.
    ///
    /// @param site that the storage belongs to
    /// @param policy the policy's digest, which names its lists too
    /// @param lists by SHA-256
    /// @param revision counts what the site has changed
    record Of(SiteId site, Digest policy, List<HashList> lists, long revision) {
        public Of {
            lists = List.copyOf(lists);
        }
    }

    /// Names all that is in force for a storage: of the site, and of its policy.
    static Digest together(Digest site, Digest policy) {
        var sha256 = Digest.sha256();
        sha256.update(site.toByteArray());
        sha256.update(policy.toByteArray());
        return Digest.finish(sha256);
    }
}
