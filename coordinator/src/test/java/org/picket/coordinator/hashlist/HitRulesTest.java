package org.picket.coordinator.hashlist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.HashType;
import org.picket.coordinator.ruling.Basis;
import org.picket.coordinator.ruling.Ruling;

class HitRulesTest {
    private static HitRules.Hit hit(ListTerms.Kind kind, String source, int trust, HashType type, int distance) {
        String category = kind == ListTerms.Kind.DENY ? "test.known" : "";
        return new HitRules.Hit(new ListTerms(kind, source, category, trust, 31, 50), type, distance, 90);
    }

    private static HitRules.Hit deny(HashType type) {
        return hit(ListTerms.Kind.DENY, "they", 1, type, 4);
    }

    private static HitRules.Hit allow(HashType type) {
        return hit(ListTerms.Kind.ALLOW, "us", 1, type, 4);
    }

    private static String rule(HitRules.Hit... hits) {
        return switch (HitRules.rule(List.of(hits)).orElseThrow()) {
            case Ruling.Cleared cleared -> "cleared";
            case Ruling.Flagged flagged -> flagged.ruleId();
            case Ruling.Inconclusive inconclusive -> "inconclusive";
        };
    }

    @Test
    void exactAllowWinsOverAllAndOneByMd5OverAllButAnExactDeny() {
        assertEquals("cleared", rule(deny(HashType.SHA256), allow(HashType.SHA256)));
        assertEquals("list/sha256/1/they", rule(deny(HashType.SHA256), allow(HashType.MD5)));
        assertEquals("cleared", rule(deny(HashType.PDQ), deny(HashType.MD5), allow(HashType.MD5)));
        assertEquals("cleared", rule(deny(HashType.PDQ), deny(HashType.MD5), allow(HashType.SHA256)));
    }

    @Test
    void allowedPictureSpeaksAgainstNothingThatIsDenied() {
        assertEquals("list/sha256/1/they", rule(allow(HashType.PDQ), deny(HashType.SHA256)));
        assertEquals("list/md5/1/they", rule(allow(HashType.PDQ), deny(HashType.MD5)));
        assertEquals("list/pdq/1/they", rule(allow(HashType.PDQ), deny(HashType.PDQ)));
        assertEquals(
                "list/pdq/3/they",
                rule(
                        hit(ListTerms.Kind.ALLOW, "us", 1, HashType.PDQ, 0),
                        hit(ListTerms.Kind.DENY, "they", 3, HashType.PDQ, 31)));
        assertEquals("cleared", rule(allow(HashType.PDQ)));
        assertEquals("cleared", rule(allow(HashType.PDQ), allow(HashType.MD5)));
    }

    @Test
    void strongestDenyNamesTheFinding() {
        assertEquals("list/md5/1/they", rule(deny(HashType.PDQ), deny(HashType.MD5)));
        assertEquals(
                "list/pdq/1/b",
                rule(
                        hit(ListTerms.Kind.DENY, "a", 2, HashType.PDQ, 0),
                        hit(ListTerms.Kind.DENY, "b", 1, HashType.PDQ, 30)));
    }

    @Test
    void listThatOnlyShowsKeepsNoOtherFromActing() {
        HitRules.Hit shown = hit(ListTerms.Kind.DENY, "rumours", 3, HashType.SHA256, 0);
        assertEquals("list/md5/1/they", rule(shown, deny(HashType.MD5)));
        assertEquals("list/pdq/1/they", rule(shown, deny(HashType.PDQ)));
        // What is allowed by MD5 is not denied by the picture; that list has no say.
        assertEquals("list/sha256/3/rumours", rule(shown, allow(HashType.MD5), deny(HashType.PDQ)));
        assertEquals("cleared", rule(shown, allow(HashType.SHA256), deny(HashType.MD5)));
    }

    @Test
    void listThatClearsIsTrustedOrNotTakenAtAll() {
        assertTrue(
                new ListTerms(ListTerms.Kind.ALLOW, "us", "", 2, 31, 50).fault().isPresent());
        assertEquals(Optional.empty(), new ListTerms(ListTerms.Kind.ALLOW, "us", "", 1, 31, 50).fault());
        assertEquals(Optional.empty(), new ListTerms(ListTerms.Kind.DENY, "they", "test.known", 3, 31, 50).fault());
    }

    @Test
    void findingByPictureSaysHowNearItIs() {
        Ruling.Flagged flagged = assertInstanceOf(
                Ruling.Flagged.class, HitRules.rule(List.of(deny(HashType.PDQ))).orElseThrow());
        assertEquals(Ruling.Flagged.By.DENY_LIST, flagged.by());
        assertEquals(
                List.of(
                        new Basis("pdq distance", 4, 32, Basis.Side.BELOW),
                        new Basis("pdq quality", 90, 50, Basis.Side.REACHED)),
                flagged.basis());
    }

    @Test
    void pictureTooFarOrOfTooLittleQualityIsNoMatchWhateverTheCrawlerSays() {
        ListTerms terms = new ListTerms(ListTerms.Kind.DENY, "they", "test.known", 1, 10, 50);
        assertEquals(Optional.empty(), HitRules.rule(List.of(new HitRules.Hit(terms, HashType.PDQ, 11, 90))));
        assertEquals(Optional.empty(), HitRules.rule(List.of(new HitRules.Hit(terms, HashType.PDQ, 3, 49))));
        assertEquals(Optional.empty(), HitRules.rule(List.of()));
    }
}
