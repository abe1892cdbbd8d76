package org.picket.coordinator.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.picket.coordinator.policy.PolicyTest.HEAD;
import static org.picket.coordinator.policy.PolicyTest.hex;
import static org.picket.coordinator.policy.PolicyTest.rule;
import static org.picket.coordinator.policy.PolicyTest.valid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.proto.seal.Digest;

class PolicyEpochTest {
    private static final String RULE = rule("all { concept: \"x\" gte: 0.5 }");

    @TempDir
    private Path folder;

    private Digest digest(String text) {
        return valid(text, folder).digest();
    }

    @Test
    void layoutCommentsAndWrittenDefaultsMakeNoEpoch() {
        var plain = digest(HEAD + RULE);

        assertEquals(plain, digest("# a comment\nversion: 1 id: 'p'\n\n" + RULE));
        assertEquals(plain, digest(HEAD + RULE.replace("0.5", "5e-1")));
        assertEquals(plain, digest(HEAD + """
                rule { id: "r" category: "c" action: OBSERVE all [{ gte: 0.5 concept: "x" }] quorum { verdicts: 1 } }
                fuses { site_flag_ratio: 0.005 window: 5000 min_flags: 25 per_hash_per_hour: 20 }
                views { aggregate: MAX } scope { max_bytes: 41943040 max_pixels: 50000000 }
                matches { sha256: QUARANTINE md5: QUARANTINE pdq: QUARANTINE }
                """));
        assertEquals(valid(HEAD + RULE, folder), valid(HEAD + "\n" + RULE, folder));
    }

    @Test
    void eachOtherMeaningMakesAnEpochOfItsOwn() {
        var texts = List.of(
                HEAD + RULE,
                "id: \"q\" version: 1 " + RULE,
                "id: \"p\" version: 2 " + RULE,
                HEAD + RULE.replace("0.5", "0.50001"),
                HEAD + RULE.replace("0.5", "0"),
                HEAD + RULE.replace("\"x\"", "\"y\""),
                HEAD + RULE.replace("\"c\"", "\"d\""),
                HEAD + RULE.replace("\"r\"", "\"s\""),
                HEAD + RULE.replace("all {", "any {"),
                HEAD + rule("all { concept: \"x\" gte: 0.5 } none { concept: \"y\" gte: 0.5 }"),
                HEAD + rule("all { concept: \"x\" gte: 0.5 } action: PURGE"),
                HEAD + rule("all { concept: \"x\" gte: 0.5 } quorum { verdicts: 2 }"),
                HEAD + RULE + " views { aggregate: K_OF_N k: 1 }",
                HEAD + RULE + " views { aggregate: K_OF_N k: 2 }",
                HEAD + RULE + " fuses { min_flags: 26 }",
                HEAD + RULE + " scope { max_bytes: 1 }",
                HEAD + RULE + " list { id: \"l\" kind: ALLOW sha256: \"" + hex('a') + "\" }",
                HEAD + RULE + " list { id: \"l\" kind: ALLOW sha256: \"" + hex('b') + "\" }");
        Set<Digest> epochs = new HashSet<>();
        texts.forEach(text -> epochs.add(digest(text)));

        assertEquals(texts.size(), epochs.size());
    }

    @Test
    void contentOfListFilesIsFoldedIn() throws IOException {
        var file = folder.resolve("l.txt");
        var byFile = HEAD + "list { id: \"l\" kind: DENY category: \"k\" file: \"l.txt\" }";
        Files.writeString(file, hex('a') + "\n");
        var before = digest(byFile);
        Files.writeString(file, hex('a') + "\n" + hex('b') + "\n");
        var after = digest(byFile);

        assertNotEquals(before, after);
        Files.writeString(file, "# in another order, with a comment\n" + hex('B') + "\n" + hex('a') + "\n" + hex('a'));
        assertEquals(after, digest(byFile));
        assertEquals(
                after,
                digest(HEAD + "list { id: \"l\" kind: DENY category: \"k\" sha256: [\"" + hex('b') + "\", \"" + hex('a')
                        + "\"] }"));
    }

    @Test
    void bundleAndPreprocessingArePartOfTheEpoch() {
        var policy = valid(HEAD + RULE, folder);
        var one = new byte[32];
        var two = new byte[32];
        two[31] = 1;
        var epoch = PolicyEpoch.of(policy, one, two);

        assertEquals(32, epoch.length);
        assertArrayEquals(epoch, PolicyEpoch.of(policy, one.clone(), two.clone()));
        assertNotEquals(Digest.wrap(epoch), Digest.wrap(PolicyEpoch.of(policy, two, one)));
        assertNotEquals(Digest.wrap(epoch), Digest.wrap(PolicyEpoch.of(policy, one, one)));
        assertNotEquals(Digest.wrap(epoch), Digest.wrap(PolicyEpoch.of(Policy.standIn(), one, two)));
        assertThrows(IllegalArgumentException.class, () -> PolicyEpoch.of(policy, new byte[31], two));
    }

    @Test
    void epochOfAGivenPolicyNeverDrifts() {
        // Frozen: a change here means that every site rescans everything after an update of Picket.
        assertEquals(
                "d5873edde6f54d7ab3712af2dc45ed5fe17406fb3b3eb0a716934d60f8be903b",
                digest(HEAD + RULE).hex());
    }

    @Test
    void selfContainedTextMeansTheSameAndNeedsNoFile() throws IOException {
        Files.writeString(folder.resolve("l.txt"), hex('a') + "\n" + hex('B') + "\n");
        var policy = valid(
                HEAD + "list { id: \"l\" kind: DENY category: \"k\" file: \"l.txt\" sha256: \"" + hex('c') + "\" }"
                        + " list { id: \"m\" kind: ALLOW sha256: \"" + hex('d') + "\" }",
                folder);
        Files.delete(folder.resolve("l.txt"));

        assertEquals(policy, valid(policy.selfContained(), folder));
        assertEquals(Policy.standInText(), Policy.standIn().selfContained());
    }

    @Test
    void listsThatAreTooLongToTravelAreRefused() throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            lines.append(String.format("%064x%n", i));
        }
        Files.writeString(folder.resolve("l.txt"), lines);
        var parsed = Policy.parse(HEAD + "list { id: \"l\" kind: DENY category: \"k\" file: \"l.txt\" }", folder);

        var faults = assertInstanceOf(PolicyParsed.Faults.class, parsed).faults();
        assertTrue(faults.getFirst().message().contains("picket lists import"), faults::toString);
    }
}
