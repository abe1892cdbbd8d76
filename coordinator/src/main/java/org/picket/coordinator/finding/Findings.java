package org.picket.coordinator.finding;

import io.grpc.BindableService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.Horizon;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.FindingRecord;
import org.picket.runtime.time.TimeSource;

/// The findings of all storages: written from rulings, moved by people and receipts.
///
/// Stateless and safe for any number of threads; every method works in the caller's transaction and locks the
/// findings that it decides about, so that two decisions about one finding follow each other.
public final class Findings {
    /// How often an order is given before a failure is final.
    public static final int ORDER_ATTEMPTS = 3;

    /// Lists of rulings in one call.
    public static final int RULINGS_LIMIT = 1_024;

    private static final String INCONCLUSIVE_NOW =
            "its object is INCONCLUSIVE now, and so is not removed. Look at it with"
                    + " `picket findings --inconclusive`, and scan again.";

    private static final FindingState OBSERVED = new FindingState.Observed();

    private final Ordering ordering;
    private final AllowedContent allowedContent;
    private final ModeOrders modeOrders;

    /// @param ordering writes the orders that findings call for
    /// @param allowedContent takes in what a site allows
    public Findings(Ordering ordering, AllowedContent allowedContent) {
        this.ordering = Objects.requireNonNull(ordering);
        this.allowedContent = Objects.requireNonNull(allowedContent);
        this.modeOrders = new ModeOrders(ordering);
    }

    /// Writes the rulings of consecutive objects down; see [#record(Handle, List)].
    ///
    /// @return orders written
    public int record(Handle handle, RulingContext context, Rulings rulings) {
        return record(handle, List.of(new Ruled(context, rulings)));
    }

    /// Writes rulings down: new findings with the orders that the site's mode gives for them, inconclusive
    /// objects, and what these rulings put an end to. Where nothing of all that is, it costs two queries for the
    /// whole list.
    ///
    /// @param all of one transaction; [#RULINGS_LIMIT] at most
    /// @return orders written
    public int record(Handle handle, List<Ruled> all) {
        if (all.size() > RULINGS_LIMIT) {
            throw new IllegalArgumentException(all.size() + " lists of rulings at once");
        }
        if (all.isEmpty()) {
            return 0;
        }
        List<Standing> standing = PostgresFindings.standing(handle, all);
        PostgresFuse.add(handle, all);
        List<FindingRecord> records = new ArrayList<>();
        List<OrderRequest> orders = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            write(handle, all.get(i), standing.get(i), records, orders);
        }
        ordering.order(handle, records, orders, all.getLast().context().now());
        return orders.size();
    }

    private static void write(
            Handle handle, Ruled ruled, Standing standing, List<FindingRecord> records, List<OrderRequest> orders) {
        RulingContext context = ruled.context();
        Rulings rulings = ruled.rulings();
        List<StoredFinding> live = standing.findings()
                ? PostgresFindings.liveBetween(handle, context.storage(), rulings.firstKey(), rulings.lastKey())
                : List.of();
        Set<String> decided = new HashSet<>();
        if (standing.findings() || standing.inconclusive()) {
            decided.addAll(rulings.cleared());
            rulings.flagged().forEach(one -> decided.add(one.object().key()));
        }
        if (standing.inconclusive()) {
            forgetInconclusive(handle, context, rulings, decided);
        }
        PostgresInconclusive.upsert(handle, context, rulings.inconclusive());
        Map<Place, StoredFinding> byPlace = live.stream().collect(Collectors.toMap(Place::of, Function.identity()));
        flag(handle, ruled, byPlace, records, orders);
        close(handle, byPlace.values(), decided, rulings.gone(), context.now());
    }

    /// Writes what is flagged, and takes what was so before out of the findings given.
    private static void flag(
            Handle handle,
            Ruled ruled,
            Map<Place, StoredFinding> byPlace,
            List<FindingRecord> records,
            List<OrderRequest> orders) {
        if (ruled.rulings().flagged().isEmpty()) {
            return;
        }
        RulingContext context = ruled.context();
        Function<FlaggedObject, Optional<String>> holds = FloodFuse.holds(handle, ruled);
        Map<FindingDecision, List<FlaggedObject>> fresh = new LinkedHashMap<>();
        for (FlaggedObject one : ruled.rulings().flagged()) {
            FindingCommand command = new FindingCommand.Rule(permitted(context, one), holds.apply(one));
            Optional<StoredFinding> earlier = Optional.ofNullable(byPlace.remove(Place.of(one)));
            if (earlier.isPresent()) {
                StoredFinding again = earlier.get().ruledAgain(one.ruling(), context.epoch());
                PostgresFindings.ruleAgain(handle, context, again, one);
                records.add(again.record(context.rulingSequence()));
                apply(handle, again, command, new Authority.SiteMode(), context.now())
                        .ifPresent(orders::add);
            } else {
                fresh.computeIfAbsent(FindingRules.decide(OBSERVED, command), _ -> new ArrayList<>())
                        .add(one);
            }
        }
        for (Map.Entry<FindingDecision, List<FlaggedObject>> one : fresh.entrySet()) {
            List<StoredFinding> stored =
                    PostgresFindings.insert(handle, context, one.getValue(), stateAfter(one.getKey()));
            stored.forEach(finding -> records.add(finding.record(context.rulingSequence())));
            if (one.getKey() instanceof FindingDecision.Order(Removal removal, FindingState _)) {
                stored.forEach(finding -> orders.add(new OrderRequest(finding, removal, new Authority.SiteMode(), 1)));
            }
        }
    }

    /// Of the contents asked, those that are flagged under an epoch at any storage of one site: copies of them
    /// need no scan to be flagged too. The rulings say so as their basis.
    ///
    /// @param storage one of that site's
    /// @param contents [Limits#PROBE_HASHES] at most
    public Map<Digest, Ruling.Flagged> contentFlagged(
            Handle handle, StorageId storage, Digest epoch, Collection<Digest> contents) {
        if (contents.size() > Limits.PROBE_HASHES) {
            throw new IllegalArgumentException(contents.size() + " contents asked at once");
        }
        return contents.isEmpty() ? Map.of() : PostgresFindings.flagged(handle, storage, epoch, contents);
    }

    /// Tells of every content that was ever flagged under an epoch at the site of a storage, in no order.
    ///
    /// @param storage one of that site's
    /// @param since only those that may have been flagged since
    public void eachContentFlagged(
            Handle handle, StorageId storage, Digest epoch, Horizon since, Consumer<Digest> listener) {
        PostgresFindings.eachFlagged(handle, storage, epoch, since, listener);
    }

    /// Orders, on a person's word, the removal of some findings.
    ///
    /// @param storages where that person may act
    /// @param ids which; [Limits#FINDINGS_PAGE] at most
    /// @param removal QUARANTINE or PURGE
    public Enforced enforce(
            Handle handle,
            Collection<StorageId> storages,
            List<FindingId> ids,
            Removal removal,
            Authority.Person person,
            Instant now) {
        Map<FindingId, StoredFinding> found = PostgresFindings.locked(handle, storages, ids).stream()
                .collect(Collectors.toMap(StoredFinding::id, Function.identity()));
        for (FindingId id : ids) {
            if (!found.containsKey(id)) {
                return new Enforced.Unknown(id);
            }
            if (FindingRules.decide(found.get(id).state(), command(removal))
                    instanceof FindingDecision.Refuse refusal) {
                return new Enforced.Refused(id, refusal.reason());
            }
        }
        Set<FindingId> undecided =
                PostgresInconclusive.at(handle, found.values()).keySet();
        for (FindingId id : ids) {
            if (undecided.contains(id)) {
                return new Enforced.Refused(id, INCONCLUSIVE_NOW);
            }
        }
        return enforceAll(handle, List.copyOf(found.values()), removal, person, now);
    }

    /// Orders, on a person's word, the removal of the next page of all that is OBSERVED or HELD and not INCONCLUSIVE.
    ///
    /// @param storages where
    /// @param afterId the last finding of the page before; 0 for the first
    public Enforced enforceNext(
            Handle handle,
            Collection<StorageId> storages,
            long afterId,
            Removal removal,
            Authority.Person person,
            Instant now) {
        List<StoredFinding> page = PostgresFindings.waiting(handle, storages, afterId, Limits.REMOVAL_BATCH);
        return enforceAll(handle, page, removal, person, now);
    }

    /// Does with the next page of what a weaker mode left alone what the site's present mode says.
    ///
    /// @param afterId the last finding of the page before; 0 for the first
    ModeOrders.Page enforceMode(Handle handle, StorageId storage, ModeTerms terms, long afterId, Instant now) {
        return modeOrders.next(handle, storage, terms, afterId, now);
    }

    /// Orders, on a person's word, the release of a quarantined finding, and allows its content at the site
    /// from now on.
    public Enforced release(Handle handle, FindingId id, Authority.Person person, Instant now) {
        Optional<StoredFinding> found = PostgresFindings.locked(handle, id);
        if (found.isEmpty()) {
            return new Enforced.Unknown(id);
        }
        StoredFinding finding = found.get();
        FindingCommand command = new FindingCommand.Release();
        if (FindingRules.decide(finding.state(), command) instanceof FindingDecision.Refuse refusal) {
            return new Enforced.Refused(id, refusal.reason());
        }
        List<OrderRequest> orders = new ArrayList<>();
        apply(handle, finding, command, person, now).ifPresent(orders::add);
        ordering.order(handle, List.of(), orders, now);
        for (StorageId storage :
                allowedContent.allow(handle, finding.storage(), finding.sha256(), person.name(), now)) {
            PostgresFindings.liveOf(handle, storage, finding.sha256())
                    .forEach(same -> apply(handle, same, new FindingCommand.Allow(), person, now));
        }
        return new Enforced.Done(orders.size(), id.value(), false);
    }

    /// Takes a verified receipt in: moves its finding on, or gives the order again where the storage failed.
    ///
    /// @return why the receipt does not fit its finding, where it does not
    public Optional<String> receive(Handle handle, Received received) {
        StoredFinding finding = PostgresFindings.locked(handle, received.finding())
                .orElseThrow(() -> new IllegalStateException("an order stands without its finding"));
        FindingCommand command =
                new FindingCommand.Receive(received.outcome(), received.detail(), received.attempt() >= ORDER_ATTEMPTS);
        return switch (FindingRules.decide(finding.state(), command)) {
            case FindingDecision.Refuse(String reason) -> Optional.of(reason);
            case FindingDecision.Repeat(Removal removal) -> {
                ordering.order(
                        handle,
                        List.of(),
                        List.of(new OrderRequest(finding, removal, received.authority(), received.attempt() + 1)),
                        received.now());
                yield Optional.empty();
            }
            case FindingDecision.Become(FindingState next) -> {
                PostgresFindings.become(handle, List.of(finding.id()), next, received.now());
                if (received.outcome() == Outcome.QUARANTINED) {
                    PostgresFindings.quarantinedBy(handle, finding.id(), received.order());
                }
                yield Optional.empty();
            }
            case FindingDecision.Keep() -> Optional.empty();
            case FindingDecision.Order order ->
                throw new IllegalStateException("a receipt calls for another order to " + order.removal());
        };
    }

    /// `picket.v1.Findings`; its calls may block.
    ///
    /// @param access tells who calls
    /// @param observer hears of what a person has decided
    public BindableService service(
            Database database, TimeSource time, AdministratorAccess access, FindingsObserver observer) {
        return new FindingsEndpoint(this, database, time, access, observer);
    }

    /// Findings of one listing, by where they are.
    public FindingCounts countsOf(Handle handle, ListingId listing) {
        return PostgresFindings.counts(handle, listing);
    }

    /// Why findings of a storage wait for a person, where a fuse has tripped.
    public Optional<String> tripped(Handle handle, StorageId storage) {
        return PostgresFuse.tripped(handle, storage);
    }

    /// Whether anything stands between the keys of some rulings, so that most rulings need one query alone.
    record Standing(boolean findings, boolean inconclusive) {}

    /// What a ruling is about: the same place and content is the same finding.
    private record Place(String key, String version, Digest sha256) {
        static Place of(StoredFinding finding) {
            return new Place(finding.object().key(), finding.object().version(), finding.sha256());
        }

        static Place of(FlaggedObject one) {
            return new Place(one.object().key(), one.object().version(), one.sha256());
        }
    }

    private Enforced enforceAll(
            Handle handle, List<StoredFinding> found, Removal removal, Authority.Person person, Instant now) {
        List<OrderRequest> orders = new ArrayList<>();
        for (StoredFinding finding : found) {
            apply(handle, finding, command(removal), person, now).ifPresent(orders::add);
        }
        found.stream()
                .filter(finding -> finding.state() instanceof FindingState.Held)
                .map(StoredFinding::storage)
                .distinct()
                .forEach(storage -> PostgresFuse.reset(handle, storage));
        ordering.order(handle, List.of(), orders, now);
        long lastId =
                found.stream().mapToLong(finding -> finding.id().value()).max().orElse(0);
        return new Enforced.Done(orders.size(), lastId, found.size() >= Limits.REMOVAL_BATCH);
    }

    private static FindingCommand command(Removal removal) {
        return switch (removal) {
            case QUARANTINE -> new FindingCommand.Quarantine();
            case PURGE -> new FindingCommand.Purge();
            case RELEASE -> throw new IllegalArgumentException("a release goes by one finding, with its allowlist");
        };
    }

    static Optional<OrderRequest> apply(
            Handle handle, StoredFinding finding, FindingCommand command, Authority authority, Instant now) {
        return switch (FindingRules.decide(finding.state(), command)) {
            case FindingDecision.Keep(), FindingDecision.Refuse(String _), FindingDecision.Repeat(Removal _) ->
                Optional.empty();
            case FindingDecision.Become(FindingState next) -> {
                PostgresFindings.become(handle, List.of(finding.id()), next, now);
                yield Optional.empty();
            }
            case FindingDecision.Order(Removal removal, FindingState next) -> {
                PostgresFindings.become(handle, List.of(finding.id()), next, now);
                yield Optional.of(new OrderRequest(finding, removal, authority, 1));
            }
        };
    }

    /// What a new finding begins as.
    private static FindingState stateAfter(FindingDecision decision) {
        return switch (decision) {
            case FindingDecision.Keep(), FindingDecision.Refuse(String _), FindingDecision.Repeat(Removal _) ->
                OBSERVED;
            case FindingDecision.Become(FindingState next) -> next;
            case FindingDecision.Order(Removal _, FindingState next) -> next;
        };
    }

    private static Action permitted(RulingContext context, FlaggedObject one) {
        Action mode = context.enforcement().mode();
        return mode.allows(one.ceiling()) ? one.ceiling() : mode;
    }

    private static void close(
            Handle handle, Collection<StoredFinding> others, Set<String> decided, List<String> gone, Instant now) {
        Set<String> vanished = Set.copyOf(gone);
        for (StoredFinding finding : others) {
            String key = finding.object().key();
            if (decided.contains(key)) {
                apply(handle, finding, new FindingCommand.Supersede(), new Authority.SiteMode(), now);
            } else if (vanished.contains(key)) {
                apply(handle, finding, new FindingCommand.Vanish(), new Authority.SiteMode(), now);
            }
        }
    }

    private static void forgetInconclusive(Handle handle, RulingContext context, Rulings rulings, Set<String> decided) {
        Set<String> over = new HashSet<>(decided);
        over.addAll(rulings.gone());
        List<String> keys =
                PostgresInconclusive.keysBetween(handle, context.storage(), rulings.firstKey(), rulings.lastKey())
                        .stream()
                        .filter(over::contains)
                        .toList();
        PostgresInconclusive.forget(handle, context.storage(), context.listing(), keys);
    }
}
