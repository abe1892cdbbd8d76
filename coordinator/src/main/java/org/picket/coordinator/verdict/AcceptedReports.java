package org.picket.coordinator.verdict;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ReportAccepted;

/// Remembers what was answered to the newest accepted verdicts, by the digest of their statement.
final class AcceptedReports {
    /// How many.
    static final int REMEMBERED = 65_536;

    private final Map<Digest, ReportAccepted> accepted = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, ReportAccepted> eldest) {
            return size() > REMEMBERED;
        }
    };

    synchronized void remember(Digest statement, ReportAccepted answer) {
        accepted.put(statement, answer);
    }

    synchronized Optional<ReportAccepted> find(Digest statement) {
        return Optional.ofNullable(accepted.get(statement))
                .map(answer -> answer.toBuilder().setRepeatedReport(true).build());
    }
}
