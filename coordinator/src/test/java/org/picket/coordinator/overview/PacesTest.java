package org.picket.coordinator.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.ListingState;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

class PacesTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final ListingId ID = new ListingId(7);

    private final Paces paces = new Paces();

    private static Listing listing(ListingState state, long known, long cleared) {
        return new Listing(
                ID,
                new StorageId(1),
                Digest.of(ByteString.EMPTY),
                new Listing.Scope(Optional.empty(), START),
                state,
                new Listing.Intake("z", 10, 5, 0, 0, 0),
                new ListingCounts(
                        1_000, known, cleared, 0, 0, 0, new ListingCounts.Work(cleared * 2, cleared * 1_000)));
    }

    private void look(int second, ListingState state, long known, long cleared) {
        paces.look(List.of(listing(state, known, cleared)), START.plusSeconds(second));
    }

    @Test
    void firstLooksSayNothing() {
        look(0, ListingState.LISTED, 0, 0);
        look(1, ListingState.LISTED, 0, 100);
        assertEquals(Optional.empty(), paces.pace(ID));
        assertEquals(Optional.empty(), paces.pace(new ListingId(8)));
    }

    @Test
    void paceIsTheAverageOfTheLastMinute() {
        for (int second = 0; second <= 100; second++) {
            look(second, ListingState.LISTED, 0, second < 40 ? 0 : (second - 40) * 5L);
        }
        assertEquals(new Paces.Pace(5, 10, 5_000), paces.pace(ID).orElseThrow());
        assertEquals(
                Optional.of(Duration.ofSeconds(20)),
                Paces.left(100, paces.pace(ID).orElseThrow()));
    }

    @Test
    void whatIsKnownAtOnceIsNoPaceWhileTheListingGrows() {
        look(0, ListingState.LISTING, 0, 0);
        look(10, ListingState.LISTING, 500, 20);
        assertEquals(2, paces.pace(ID).orElseThrow().objects());
        look(20, ListingState.LISTED, 500, 20);
        look(90, ListingState.LISTED, 570, 90);
        assertEquals(2, paces.pace(ID).orElseThrow().objects());
    }

    @Test
    void nothingMovesHasNoEnd() {
        assertEquals(Optional.empty(), Paces.left(100, new Paces.Pace(0, 0, 0)));
        assertEquals(Optional.empty(), Paces.left(0, new Paces.Pace(1, 0, 0)));
    }

    @Test
    void listingThatIsOverIsForgotten() {
        look(0, ListingState.LISTED, 0, 0);
        look(10, ListingState.LISTED, 0, 10);
        paces.look(List.of(), START.plusSeconds(11));
        assertEquals(List.of(), paces.open());
        assertEquals(Optional.empty(), paces.pace(ID));
    }
}
