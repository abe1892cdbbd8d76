package org.picket.coordinator.site;

import java.util.Map;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.proto.bundle.Needs;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.circle.Circle;
import org.picket.proto.seal.Digest;

/// On what terms a storage is scanned: what every ruling on its objects depends on, and what may follow from
/// one.
///
/// @param policy compiled for the bundle
/// @param scoring the bundle that scores every object
/// @param epoch policy, bundle and preprocessing together
/// @param mode what may follow without a person; not part of the epoch
/// @param circle whose agents may see its pictures; not part of the epoch
/// @param needs of its bundles, by their digest; those that ask for nothing are not there
public record Terms(
        CompiledPolicy policy,
        Scoring scoring,
        Digest epoch,
        StorageMode mode,
        Circle circle,
        Map<Digest, Needs> needs) {}
