package org.picket.coordinator.policy;

import java.util.Optional;

/// How many agreeing verdicts a finding by scores needs before anything may be done about it.
///
/// @param verdicts at least 1; the site's own verifier counts as one
/// @param operators distinct operators among them; at least 1, at most `verdicts`
public record Quorum(int verdicts, int operators) {
    /// One verdict, which may be that of the site's own verifier.
    public static final Quorum ONE = new Quorum(1, 1);

    public Quorum {
        if (verdicts < 1 || operators < 1 || operators > verdicts) {
            throw new IllegalArgumentException("no quorum: " + verdicts + " verdicts of " + operators + " operators");
        }
    }

    /// What a finding by one verdict lacks; empty where one is enough.
    public Optional<String> lackingAfterOne() {
        return verdicts == 1
                ? Optional.empty()
                : Optional.of("its quorum is not reached: 1 verdict where " + verdicts + " of " + operators
                        + (operators == 1 ? " operator" : " operators") + " are asked for");
    }
}
