package org.picket.crawler.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.crawler.match.Fingerprint;
import org.picket.crawler.match.PdqHash;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.HashType;
import org.picket.proto.v1.ListKind;
import org.picket.proto.v1.SuppliedObject;
import org.picket.runtime.channel.ViewFrame;

/// What lists decide is reported, and sent to nobody.
class SupplyListsTest extends SupplyFixture {
    @Test
    void objectOnAListIsReportedAndNeitherProbedNorDecodedNorSent() throws InterruptedException {
        fill(3);
        lists = ShortLists.of(9, HashType.SHA256, Digest.of(content(1)).toByteArray());
        Agent agent = agent(SETTINGS, 100);
        List<ViewFrame> frames = agent.all();
        assertTrue(agent.status().isOk(), agent.status().toString());
        assertTrue(frames.stream().noneMatch(frame -> frame instanceof ViewFrame.Chunk chunk && chunk.ordinal() == 1));
        assertEquals(2, decoded.get());
        SuppliedObject listed = coordinator.objects().get(1);
        assertEquals(1, listed.getListed().getHitsCount());
        assertEquals(9, listed.getListed().getHits(0).getListId());
        assertEquals(Digest.of(content(1)).bytes(), listed.getSha256());
    }

    @Test
    void pictureOnAListIsReportedAndNotSent() throws InterruptedException {
        fill(3);
        prints = List.of(print(new PdqHash(1, 2, 3, 4)));
        lists = ShortLists.of(5, HashType.PDQ, new PdqHash(0, 2, 3, 4).toByteArray());
        Agent agent = agent(SETTINGS, 100);
        List<ViewFrame> frames = agent.all();
        assertTrue(agent.status().isOk(), agent.status().toString());
        assertTrue(frames.stream().noneMatch(ViewFrame.Chunk.class::isInstance), "a view was sent");
        coordinator.objects().forEach(object -> {
            assertEquals(1, object.getListed().getHits(0).getDistance());
            assertEquals(90, object.getListed().getHits(0).getQuality());
        });
    }

    private static Fingerprint print(PdqHash hash) {
        return new Fingerprint(Collections.nCopies(Fingerprint.VARIANTS, hash), 90);
    }

    @Test
    void animationWithOneAllowedPictureIsSentAsIfNoListHadIt() throws InterruptedException {
        fill(3);
        PdqHash allowed = new PdqHash(1, 2, 3, 4);
        prints = List.of(print(allowed), print(new PdqHash(-1, -1, -1, -1)));
        lists = ShortLists.of(5, ListKind.ALLOW, HashType.PDQ, allowed.toByteArray());
        coordinator.scored.add(Digest.of(content(2)).bytes());
        List<ViewFrame> frames = agent(SETTINGS, 100).all();
        for (int i = 0; i < 2; i++) {
            int ordinal = i;
            assertTrue(coordinator.objects().get(i).hasViews());
            assertTrue(frames.stream()
                    .anyMatch(frame -> frame instanceof ViewFrame.Chunk chunk && chunk.ordinal() == ordinal));
        }
        assertTrue(coordinator.objects().get(2).getKnown());
    }

    @Test
    void objectOfWhichEveryPictureIsAllowedIsReportedAndNotSent() throws InterruptedException {
        fill(2);
        PdqHash allowed = new PdqHash(1, 2, 3, 4);
        prints = List.of(print(allowed), print(new PdqHash(0, 2, 3, 4)));
        lists = ShortLists.of(5, ListKind.ALLOW, HashType.PDQ, allowed.toByteArray());
        List<ViewFrame> frames = agent(SETTINGS, 100).all();
        assertTrue(frames.stream().noneMatch(ViewFrame.Chunk.class::isInstance), "a view was sent");
        assertTrue(coordinator.objects().stream().allMatch(SuppliedObject::hasListed));
    }

    @Test
    void contentClearedBeforeTheListsHadGrownIsMatchedAndStaysKnownWhereNoListHasIt() throws InterruptedException {
        fill(2);
        prints = List.of(print(new PdqHash(1, 2, 3, 4)));
        coordinator.scored.add(Digest.of(content(0)).bytes());
        coordinator.scored.add(Digest.of(content(1)).bytes());
        lists = ShortLists.of(5, HashType.PDQ, new PdqHash(-1, -1, -1, -1).toByteArray());
        Agent agent = agent(SETTINGS, 100);
        List<ViewFrame> frames = agent.all();
        assertTrue(frames.stream().noneMatch(ViewFrame.Chunk.class::isInstance), "a view was sent");
        assertEquals(2, decoded.get());
        assertTrue(coordinator.objects().stream().allMatch(SuppliedObject::getKnown));
    }
}
