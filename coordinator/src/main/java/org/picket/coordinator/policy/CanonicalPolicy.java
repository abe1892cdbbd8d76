package org.picket.coordinator.policy;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.PolicyFile;

/// The one form of a policy that its digest is taken over: every default written out, and the entries of each
/// list sorted, without duplicates, wherever they came from.
final class CanonicalPolicy {
    private static final byte[] DOMAIN = "picket/v1/policy\0".getBytes(StandardCharsets.US_ASCII);

    private CanonicalPolicy() {}

    /// SHA-256 over `"picket/v1/policy\0" ‖ length (4 bytes) ‖ message ‖ for each list: count (4 bytes) ‖
    /// hashes`. The message is serialised deterministically, without the entries and file names of its lists.
    static Digest digest(PolicyFile file, Policy.Bounds bounds, List<HashList> lists) {
        var message = serialised(written(file, bounds));
        var sha256 = Digest.sha256();
        sha256.update(DOMAIN);
        sha256.update(length(message.length));
        sha256.update(message);
        for (var list : lists) {
            sha256.update(length(list.hashes().size()));
            for (int i = 0; i < list.hashes().size(); i++) {
                sha256.update(list.hashes().at(i));
            }
        }
        return Digest.finish(sha256);
    }

    private static byte[] length(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    private static byte[] serialised(PolicyFile file) {
        var bytes = new ByteArrayOutputStream(file.getSerializedSize());
        var coded = CodedOutputStream.newInstance(bytes);
        coded.useDeterministicSerialization();
        try {
            file.writeTo(coded);
            coded.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static PolicyFile written(PolicyFile file, Policy.Bounds bounds) {
        var canonical = file.toBuilder();
        for (var rule : canonical.getRuleBuilderList()) {
            rule.setAction(written(rule.getAction()));
            rule.getQuorumBuilder()
                    .setVerdicts(
                            rule.getQuorum().hasVerdicts() ? rule.getQuorum().getVerdicts() : 1)
                    .setOperators(
                            rule.getQuorum().hasOperators() ? rule.getQuorum().getOperators() : 1);
            if (rule.getOutcome() == PolicyFile.Outcome.FLAG) {
                rule.clearOutcome();
            }
            if (rule.hasGate()) {
                write(rule.getGateBuilder());
            }
            rule.getAllBuilderList().forEach(CanonicalPolicy::write);
            rule.getAnyBuilderList().forEach(CanonicalPolicy::write);
            rule.getNoneBuilderList().forEach(CanonicalPolicy::write);
        }
        writeNames(canonical);
        for (var list : canonical.getListBuilderList()) {
            list.clearSha256().clearFile();
            if (list.getKind() == PolicyFile.HashList.Kind.DENY) {
                list.setAction(written(list.getAction()));
            }
        }
        write(canonical);
        canonical
                .getFusesBuilder()
                .setSiteFlagRatio(bounds.fuses().siteFlagRatio())
                .setWindow(bounds.fuses().window())
                .setMinFlags(bounds.fuses().minFlags())
                .setPerHashPerHour(bounds.fuses().perHashPerHour());
        switch (bounds.views()) {
            case ViewAggregate.Max max -> canonical.getViewsBuilder().setAggregate(PolicyFile.Views.Aggregate.MAX);
            case ViewAggregate.KOfN kOfN ->
                canonical
                        .getViewsBuilder()
                        .setAggregate(PolicyFile.Views.Aggregate.K_OF_N)
                        .setK(kOfN.k());
        }
        canonical
                .getScopeBuilder()
                .setMaxBytes(bounds.scope().maxBytes())
                .setMaxPixels(bounds.scope().maxPixels());
        return canonical.build();
    }

    /// Conditions that stand outside of rules.
    private static void writeNames(PolicyFile.Builder canonical) {
        for (var context : canonical.getContextBuilderList()) {
            write(context.getWhenBuilder());
            context.getUnlessBuilderList().forEach(CanonicalPolicy::write);
        }
        canonical.getAdjustBuilderList().forEach(adjust -> write(adjust.getWhenBuilder()));
        canonical.getFurtherBuilderList().forEach(further -> write(further.getWhenBuilder()));
    }

    /// By leaving out what is said by saying nothing.
    private static void write(PolicyFile.Builder canonical) {
        var matches = canonical.getMatchesBuilder();
        if (matches.getSha256() == PolicyFile.Action.QUARANTINE) {
            matches.clearSha256();
        }
        if (matches.getMd5() == PolicyFile.Action.QUARANTINE) {
            matches.clearMd5();
        }
        if (matches.getPdq() == PolicyFile.Action.QUARANTINE) {
            matches.clearPdq();
        }
        if (matches.build().equals(PolicyFile.Matches.getDefaultInstance())) {
            canonical.clearMatches();
        }
    }

    private static PolicyFile.Action written(PolicyFile.Action action) {
        return action == PolicyFile.Action.ACTION_UNSPECIFIED ? PolicyFile.Action.OBSERVE : action;
    }

    private static void write(PolicyFile.Condition.Builder condition) {
        if (!condition.getGroup().isEmpty() && !condition.hasAtLeast()) {
            condition.setAtLeast(1);
        }
        condition.getAllBuilderList().forEach(CanonicalPolicy::write);
        condition.getAnyBuilderList().forEach(CanonicalPolicy::write);
        condition.getNoneBuilderList().forEach(CanonicalPolicy::write);
    }
}
