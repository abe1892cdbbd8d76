package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.picket.proto.circle.Circle;
import org.picket.proto.v1.Build;
import org.picket.proto.v1.CoordinatorRow;
import org.picket.proto.v1.Lane;
import org.picket.proto.v1.LeaseRow;
import org.picket.proto.v1.LookResponse;
import org.picket.proto.v1.MemberRow;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.NoWork;
import org.picket.proto.v1.Pace;
import org.picket.proto.v1.Role;
import org.picket.proto.v1.ScanRow;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.Standing;
import org.picket.proto.v1.StorageRow;
import org.picket.proto.v1.StuckShard;

class StatusScreenTest {
    private static Span seconds(long seconds) {
        return Span.newBuilder().setMilliseconds(seconds * 1_000).build();
    }

    private static LookResponse.Builder answer() {
        return LookResponse.newBuilder()
                .setLeasesAll(1)
                .setBuild(build("1.2", 5))
                .addLeases(LeaseRow.newBuilder()
                        .setAgentMemberId(2)
                        .setStorageId(1)
                        .setShardId(4_294_967_297L)
                        .setObjects(512)
                        .setSupplied(256)
                        .setScored(200)
                        .setRuled(128)
                        .setAge(seconds(70))
                        .setLeft(seconds(41))
                        .setStill(seconds(3)))
                .addStorages(StorageRow.newBuilder()
                        .setStorageId(1)
                        .setSite("example.org")
                        .setIdentity("folder:/srv/pictures")
                        .setCircle(Circle.parse(List.of("own", "region:eu")).named())
                        .setScan(ScanRow.newBuilder()
                                .setLane(Lane.BULK)
                                .setListed(80_000)
                                .setOpen(20_000)
                                .setShardsOpen(40)
                                .setLeases(1)
                                .setFlagged(3)
                                .setAge(seconds(200))
                                .setPace(Pace.newBuilder()
                                        .setObjects(312.4)
                                        .setViews(340)
                                        .setBytes(43_200_000))
                                .setEta(seconds(64))
                                .addStuck("a reason")
                                .addStuckShards(StuckShard.newBuilder()
                                        .setShardId(4_294_967_298L)
                                        .setLeases(3)
                                        .setAgain(seconds(4)))))
                .addMembers(MemberRow.newBuilder()
                        .setId(2)
                        .setRole(Role.AGENT)
                        .setOwner("alice")
                        .setName("desk")
                        .setStanding(Standing.ACTIVE)
                        .setHeard(seconds(0))
                        .setBuild(build("1.1", 4))
                        .setLeases(1)
                        .setQuota(16)
                        .setNone(NoWork.newBuilder().setReason(NoLease.Reason.ALL_LEASED)))
                .addMembers(MemberRow.newBuilder()
                        .setId(3)
                        .setRole(Role.AGENT)
                        .setOwner("bob\u001b[2J")
                        .setName("lap")
                        .setStanding(Standing.SUSPENDED)
                        .setBuild(build("1.2", 5))
                        .setQuota(16));
    }

    private static Build build(String release, int contract) {
        return Build.newBuilder().setRelease(release).setContract(contract).build();
    }

    @Test
    void everythingHasItsUnitAndItsReason() {
        assertEquals(
                List.of(
                        "1 lease · oldest 1 min 10 s · 1 of 2 agents connected, 1 suspended · 0 of 0 crawlers connected",
                        "Picket 1.2, contract 5 · 1 member is another",
                        "agents without a further lease: 1 ALL_LEASED",
                        "STORAGES",
                        "  storage 1  example.org  folder:/srv/pictures",
                        "    60,000 of 80,000+ objects · 40 shards open · 1 leased · 3 flagged · 0 inconclusive",
                        "    312 objects/s · 340 views/s · 43.2 MB/s read · ETA 1 min 4 s · begun 3 min 20 s ago",
                        "    lane bulk · circle own, region:eu",
                        "    ! a reason",
                        "    ! shard 4294967298: 3 leases in a row got no object from the crawler, again in 4 s",
                        "LEASES, the oldest first",
                        "  agent 2  storage 1  shard 4294967297  ruled 128, scored 200, supplied 256 of 512"
                                + "  age 1 min 10 s  left 41 s  still 3 s",
                        "MEMBERS",
                        "  agent 2  for alice (desk)  active, connected  Picket 1.1, contract 4  1 of 16 leases"
                                + "  no further one: ALL_LEASED",
                        "  agent 3  for bob?[2J (lap)  suspended  0 of 16 leases"),
                StatusScreen.whole(answer().build()));
    }

    @Test
    void drainedMembersSayWhatIsLeft() {
        LookResponse.Builder answer = answer();
        answer.getMembersBuilder(0).setStanding(Standing.DRAINING).clearBuild();
        answer.addMembers(MemberRow.newBuilder()
                .setId(4)
                .setRole(Role.CRAWLER)
                .setOwner("example.org")
                .setName("beside")
                .setStanding(Standing.DRAINING)
                .setHeard(seconds(0)));
        List<String> lines = StatusScreen.whole(answer.build());
        assertTrue(lines.getFirst().contains("1 of 2 agents connected, 1 suspended, 1 draining"), lines.getFirst());
        assertTrue(
                lines.contains("  agent 2  for alice (desk)  draining, 1 lease left, connected  1 of 16 leases"
                        + "  no further one: ALL_LEASED"),
                lines::toString);
        assertTrue(
                lines.contains("  crawler 4  for example.org (beside)  draining, 0 leases left, connected"),
                lines::toString);
    }

    @Test
    void screenIsNeverLargerThanTheTerminal() {
        LookResponse.Builder many = answer().setLeasesAll(500);
        for (int i = 0; i < 499; i++) {
            many.addLeases(many.getLeases(0));
            many.addMembers(many.getMembers(0));
            many.addStorages(many.getStorages(0));
        }
        for (int rows = 1; rows < 60; rows++) {
            List<String> lines = StatusScreen.lines(many.build(), 40, rows);
            assertTrue(lines.size() <= rows, "rows " + rows);
            assertTrue(lines.stream().allMatch(line -> line.length() <= 40), "rows " + rows);
        }
        List<String> lines = StatusScreen.lines(many.build(), 200, 40);
        assertTrue(lines.contains("  … and 497 more"), lines::toString);
        assertTrue(lines.contains("MEMBERS"), lines::toString);
    }

    @Test
    void storageWithoutAScanSaysSo() {
        LookResponse quiet = LookResponse.newBuilder()
                .setDraining(true)
                .setOtherCoordinators(1)
                .addStorages(
                        StorageRow.newBuilder().setStorageId(4).setSite("s").setIdentity("s3:x/y"))
                .build();
        List<String> lines = StatusScreen.whole(quiet);
        assertTrue(lines.getFirst().contains("DRAINING"), lines.getFirst());
        assertTrue(lines.getFirst().startsWith("0 leases · 0 of 0 agents"), lines.getFirst());
        assertTrue(lines.contains("  storage 4  s  s3:x/y  no scan under way · circle everyone"), lines::toString);
        assertEquals(1, StatusScreen.plain(quiet).size());
    }

    @Test
    void severalCoordinatorsAreNamedWithWhatTheyAre() {
        LookResponse.Builder several = answer();
        for (int i = 0; i < 9; i++) {
            several.addCoordinators(CoordinatorRow.newBuilder()
                    .setAddress(i == 0 ? "" : "c" + i + ".example:7443")
                    .setBuild(i == 2 ? build("", 4) : build("1.2", 5))
                    .setSeen(seconds(i)));
        }
        List<String> whole = StatusScreen.whole(several.build());
        assertEquals("Picket 1.2, contract 5 · 1 member is another · 1 coordinator is another", whole.get(1));
        assertTrue(whole.contains("COORDINATORS"), whole::toString);
        assertTrue(whole.contains("  at an address that is not told  Picket 1.2, contract 5  seen 0 s ago"));
        assertTrue(whole.contains("  c2.example:7443  a release that is not told, contract 4  seen 2 s ago"));
        List<String> small = StatusScreen.lines(several.build(), 80, 23);
        assertTrue(small.contains("  … and 5 more"), small::toString);
        assertTrue(small.contains("MEMBERS"), small::toString);
    }

    @Test
    void circleOfManyIsToldInShortToPeopleAndWholeToPrograms() {
        Circle many = Circle.parse(
                IntStream.range(0, 200).mapToObj(i -> "operator:o" + i).toList());
        LookResponse.Builder wide = answer();
        wide.getStoragesBuilder(0).setCircle(many.named());
        String line = StatusScreen.whole(wide.build()).get(7);
        assertTrue(line.endsWith("operator:o101, operator:o102, … and 194 more"), line);
        String json = StatusJson.of(wide.build()).toString();
        assertTrue(json.contains("\"circle\":\"operator:o0,operator:o1,operator:o10,"), json);
        assertTrue(json.contains("operator:o99\",\"scan\""), json);
    }

    @Test
    void whatAnOlderOrLaterCoordinatorDoesNotSayIsLeftOutAndNotGuessed() {
        LookResponse.Builder older = answer().clearBuild();
        older.getStoragesBuilder(0).getScanBuilder().clearLane();
        List<String> lines = StatusScreen.whole(older.build());
        assertTrue(lines.stream().noneMatch(line -> line.contains("contract")), lines::toString);
        assertTrue(lines.contains("    circle own, region:eu"), lines::toString);
        older.getStoragesBuilder(0).setCircle(org.picket.proto.v1.Circle.getDefaultInstance());
        assertTrue(StatusScreen.whole(older.build()).contains("    circle (not known to this release)"));
    }

    @Test
    void paceAndEndThatAreNotKnownAreNotGuessed() {
        LookResponse.Builder fresh = answer();
        fresh.getStoragesBuilder(0).getScanBuilder().clearPace().clearEta();
        String line = StatusScreen.plain(fresh.build()).get(3);
        assertTrue(line.contains("pace not known yet · no ETA"), line);
    }

    @Test
    void jsonIsOneObjectWithUnitsInItsNames() {
        String json = StatusJson.of(answer().build()).toString();
        assertTrue(
                json.startsWith("{\"leases_all\":1,\"oldest_lease_ms\":70000,\"release\":\"1.2\",\"contract\":5,"),
                json);
        assertTrue(json.contains("\"circle\":\"own,region:eu\",\"scan\":{"), json);
        assertTrue(json.contains("\"lane\":\"bulk\""), json);
        assertTrue(json.contains("\"release\":\"1.1\",\"contract\":4"), json);
        assertTrue(json.contains("\"bytes_per_second\":43200000,\"eta_ms\":64000"), json);
        assertTrue(json.contains("\"no_lease\":\"ALL_LEASED\""), json);
        assertTrue(json.contains("\"stuck_shards\":[{\"shard\":4294967298,\"leases\":3,\"again_ms\":4000}]"), json);
    }

    /// Members name themselves, and sites their storages.
    @Test
    void namesDrawNoLinesOfTheirOwn() {
        String forged = "x\r\nLEASES, the oldest first\n\u001b[1A\u001b[2K";
        LookResponse answer = LookResponse.newBuilder()
                .addStorages(StorageRow.newBuilder()
                        .setSite(forged)
                        .setIdentity(forged)
                        .setScan(ScanRow.newBuilder().addStuck(forged)))
                .addMembers(MemberRow.newBuilder()
                        .setId(1)
                        .setRole(Role.AGENT)
                        .setOwner(forged)
                        .setName(forged)
                        .setStanding(Standing.SUSPENDED)
                        .setHeldOutFor(forged))
                .build();
        for (List<String> lines : List.of(StatusScreen.whole(answer), StatusScreen.lines(answer, 200, 40))) {
            assertTrue(lines.stream().noneMatch(line -> line.startsWith("LEASES")), lines::toString);
            assertTrue(
                    lines.stream().allMatch(line -> line.chars().noneMatch(Character::isISOControl)), lines::toString);
            assertTrue(lines.stream().anyMatch(line -> line.contains("x??LEASES")), lines::toString);
        }
    }
}
