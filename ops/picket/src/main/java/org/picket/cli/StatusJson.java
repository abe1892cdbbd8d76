package org.picket.cli;

import java.util.List;
import java.util.Locale;
import org.picket.proto.v1.Build;
import org.picket.proto.v1.CoordinatorRow;
import org.picket.proto.v1.LeaseRow;
import org.picket.proto.v1.LookResponse;
import org.picket.proto.v1.MemberRow;
import org.picket.proto.v1.ScanRow;
import org.picket.proto.v1.StorageRow;
import org.picket.proto.v1.StuckShard;

/// How work stands, as one JSON object. Spans are in milliseconds, and names say so.
final class StatusJson {
    private static final int DIGITS = 3;

    private StatusJson() {}

    static Json of(LookResponse answer) {
        Json json = new Json().put("leases_all", answer.getLeasesAll());
        answer.getLeasesList().stream()
                .findFirst()
                .ifPresent(oldest -> json.put("oldest_lease_ms", oldest.getAge().getMilliseconds()));
        if (answer.hasBuild()) {
            build(json, answer.getBuild());
        }
        return json.put("other_coordinators", answer.getOtherCoordinators())
                .put("draining", answer.getDraining())
                .put("pace_window_ms", answer.getWindow().getMilliseconds())
                .put(
                        "coordinators",
                        answer.getCoordinatorsList().stream()
                                .map(StatusJson::coordinator)
                                .toList())
                .put(
                        "storages",
                        answer.getStoragesList().stream()
                                .map(StatusJson::storage)
                                .toList())
                .put(
                        "leases",
                        answer.getLeasesList().stream().map(StatusJson::lease).toList())
                .put(
                        "members",
                        answer.getMembersList().stream().map(StatusJson::member).toList());
    }

    private static Json build(Json json, Build build) {
        return json.put("release", build.getRelease()).put("contract", build.getContract());
    }

    private static Json coordinator(CoordinatorRow row) {
        return build(new Json().put("address", row.getAddress()), row.getBuild())
                .put("seen_ms", row.getSeen().getMilliseconds());
    }

    private static Json storage(StorageRow row) {
        Json json = new Json()
                .put("storage", row.getStorageId())
                .put("identity", row.getIdentity())
                .put("site", row.getSite())
                .put("circle", StatusWords.circle(row));
        return row.hasScan() ? json.put("scan", scan(row.getScan())) : json;
    }

    private static Json scan(ScanRow scan) {
        Json json = new Json()
                .put("listing", scan.getListingId())
                .put("listing_finished", scan.getListingFinished())
                .put("lane", StatusWords.lane(scan))
                .put("age_ms", scan.getAge().getMilliseconds())
                .put("listed", scan.getListed())
                .put("open", scan.getOpen())
                .put("flagged", scan.getFlagged())
                .put("inconclusive", scan.getInconclusive())
                .put("shards_open", scan.getShardsOpen())
                .put("leases", scan.getLeases());
        if (scan.hasPace()) {
            json.put("objects_per_second", scan.getPace().getObjects(), DIGITS)
                    .put("views_per_second", scan.getPace().getViews(), DIGITS)
                    .put("bytes_per_second", scan.getPace().getBytes(), DIGITS);
        }
        if (scan.hasEta()) {
            json.put("eta_ms", scan.getEta().getMilliseconds());
        }
        return json.put("stuck", words(scan.getStuckList()))
                .put(
                        "stuck_shards",
                        scan.getStuckShardsList().stream()
                                .map(StatusJson::stuck)
                                .toList());
    }

    private static List<Json> words(List<String> reasons) {
        return reasons.stream().map(reason -> new Json().put("reason", reason)).toList();
    }

    private static Json stuck(StuckShard shard) {
        return new Json()
                .put("shard", shard.getShardId())
                .put("leases", shard.getLeases())
                .put("again_ms", shard.getAgain().getMilliseconds());
    }

    private static Json lease(LeaseRow lease) {
        return new Json()
                .put("agent", lease.getAgentMemberId())
                .put("storage", lease.getStorageId())
                .put("shard", lease.getShardId())
                .put("objects", lease.getObjects())
                .put("supplied", lease.getSupplied())
                .put("scored", lease.getScored())
                .put("ruled", lease.getRuled())
                .put("age_ms", lease.getAge().getMilliseconds())
                .put("left_ms", lease.getLeft().getMilliseconds())
                .put("still_ms", lease.getStill().getMilliseconds());
    }

    private static Json member(MemberRow member) {
        Json json = new Json()
                .put("id", member.getId())
                .put("role", member.getRole().name().toLowerCase(Locale.ROOT))
                .put("name", member.getName())
                .put("owner", member.getOwner())
                .put("standing", member.getStanding().name().toLowerCase(Locale.ROOT))
                .put("leases", member.getLeases());
        if (!member.getHeldOutFor().isEmpty()) {
            json.put("held_out_for", member.getHeldOutFor());
        }
        if (member.hasHeard()) {
            json.put("heard_ms", member.getHeard().getMilliseconds());
        }
        if (member.hasBuild()) {
            build(json, member.getBuild());
        }
        if (member.getQuota() > 0) {
            json.put("quota", member.getQuota());
        }
        if (member.hasEquipment()) {
            json.put("provider_class", member.getEquipment().getProviderClass())
                    .put("memory_bytes", member.getEquipment().getMemoryBytes())
                    .put("bundles", member.getEquipment().getBundles())
                    .put("objects_per_second", member.getObjectsPerSecond(), DIGITS)
                    .put("proven", member.getProven());
        }
        if (member.hasNone()) {
            json.put("no_lease", member.getNone().getReason().name())
                    .put("no_lease_detail", member.getNone().getDetail())
                    .put("no_lease_ms", member.getNone().getAgo().getMilliseconds());
        }
        return json;
    }
}
