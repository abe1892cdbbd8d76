package org.picket.coordinator.ruling;

import java.util.List;
import org.picket.proto.v1.InconclusiveReason;

/// The reconciled conclusion about one object.
public sealed interface Ruling {

    /// Nothing that the policy looks for.
    record Cleared(Why why) implements Ruling {

        public enum Why {
            /// Scores were there and no rule holds.
            NO_RULE_HOLDS,
            /// On an allow list of the policy.
            POLICY_ALLOW_LIST,
            /// On the site's own allowlist, e.g. after a release.
            SITE_ALLOWLIST,
            /// On an allow list that the site imported.
            IMPORTED_ALLOW_LIST,
            /// The same content was cleared before, under this epoch.
            KNOWN_CONTENT
        }
    }

    /// A finding.
    ///
    /// @param ruleId the rule or deny list that made it; its ceiling is `Policy.ceiling(ruleId)`
    /// @param basis the scores it rests on, [CompiledPolicy#BASIS_LIMIT] at most; of a deny list how near the
    ///     picture is, where it matched by that
    record Flagged(String ruleId, String category, By by, List<Basis> basis) implements Ruling {
        public Flagged {
            basis = List.copyOf(basis);
        }

        public enum By {
            SCORES,
            DENY_LIST,
            /// The same content was flagged before, under this epoch; the scores are those of then.
            KNOWN_CONTENT
        }
    }

    /// Neither guilty nor innocent.
    ///
    /// @param reason why; never the unspecified one
    /// @param detail for people, where there is more to tell; else empty
    record Inconclusive(InconclusiveReason reason, String detail) implements Ruling {
        public Inconclusive(InconclusiveReason reason) {
            this(reason, "");
        }

        public Inconclusive {
            if (reason == InconclusiveReason.INCONCLUSIVE_REASON_UNSPECIFIED) {
                throw new IllegalArgumentException("an inconclusive ruling says why");
            }
        }
    }
}
