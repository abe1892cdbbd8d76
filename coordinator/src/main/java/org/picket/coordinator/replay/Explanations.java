package org.picket.coordinator.replay;

import java.util.ArrayList;
import java.util.List;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.replay.PostgresScores.ScoredFinding;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.Explainer;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.coordinator.site.Terms;
import org.picket.coordinator.site.TermsRead;
import org.picket.coordinator.site.TermsRules;
import org.picket.proto.id.FindingId;

/// Explains findings from the scores that are kept with them. Safe for any number of threads.
public final class Explanations {
    private final Database database;

    /// @param database holds them
    public Explanations(Database database) {
        this.database = database;
    }

    public FindingExplained explain(FindingId id) {
        return database.transaction(handle -> PostgresScores.finding(handle, id))
                .map(Explanations::explain)
                .orElseGet(() -> new FindingExplained.Unknown(id));
    }

    private static FindingExplained explain(ScoredFinding finding) {
        if (finding.by() == Ruling.Flagged.By.DENY_LIST) {
            return new FindingExplained.ByList(finding.id(), finding.category(), finding.rule());
        }
        if (finding.scores().length == 0) {
            return unexplained(finding, "its scores are not kept; `picket findings` shows the ones that it rests on");
        }
        return switch (TermsRules.read(finding.storage().terms())) {
            case TermsRead.Faulty faulty ->
                unexplained(
                        finding,
                        "the policy in force cannot be read: " + faulty.faults().getFirst());
            case TermsRead.Sound(Terms terms) -> explain(finding, terms);
        };
    }

    private static FindingExplained explain(ScoredFinding finding, Terms terms) {
        ScoreBlock block = ScoreBlock.decode(finding.scores());
        // Other terms may have had other further bundles.
        boolean had = block.scored() >>> terms.policy().further().size() == 0;
        CompiledPolicy policy = had ? terms.policy().after(block.scored()) : terms.policy();
        if (block.concepts() != policy.concepts()) {
            return unexplained(
                    finding,
                    "it was scored by another bundle than the one in force; scan again, or see `picket findings`");
        }
        return new FindingExplained.ByScores(
                finding.id(),
                finding.category(),
                finding.rule(),
                finding.by() == Ruling.Flagged.By.KNOWN_CONTENT,
                policy.policy(),
                !finding.epoch().equals(terms.epoch()),
                scorers(finding, terms, policy),
                Explainer.explain(policy, block.scores(0)));
    }

    private static List<FindingExplained.Scorer> scorers(ScoredFinding finding, Terms terms, CompiledPolicy policy) {
        var scorers = new ArrayList<FindingExplained.Scorer>();
        scorers.add(new FindingExplained.Scorer(
                Replay.manifest(finding.storage()).getName(), terms.scoring().bundle()));
        for (int i = 0; i < policy.further().size(); i++) {
            if ((policy.scored() & 1 << i) != 0) {
                var further = policy.further().get(i);
                scorers.add(new FindingExplained.Scorer(
                        further.name(), further.scoring().bundle()));
            }
        }
        return scorers;
    }

    private static FindingExplained unexplained(ScoredFinding finding, String why) {
        return new FindingExplained.Unexplained(finding.id(), finding.category(), finding.rule(), why);
    }
}
