package org.picket.coordinator.hashlist;

import io.grpc.BindableService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.policy.HashType;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.id.ShardId;
import org.picket.proto.id.SiteId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ListEntry;
import org.picket.proto.v1.ListHit;
import org.picket.proto.v1.ShownList;
import org.picket.runtime.time.TimeSource;

/// The hash lists of all sites. Has no state but who observes it; each method runs in its caller's transaction,
/// and changes of one site take turns.
public final class HashLists {
    /// Until when something is out of force that a person took out for good.
    static final String FOR_GOOD = "infinity";

    private static final String UNMERGED = "unmerged";

    /// SHA-256 that are looked up among cleared contents at once.
    private static final int REJUDGED = 500_000;

    /// Entries of one type that a site has in force: crawlers hold no more than 32 million, those of a policy among
    /// them.
    static final long MOST_ENTRIES = 31_000_000;

    private static final PostgresListSets.Kept NOTHING =
            new PostgresListSets.Kept(ListStamp.NONE, Instant.EPOCH, Optional.empty());

    private final CopyOnWriteArrayList<Rejudging> rejudging = new CopyOnWriteArrayList<>();
    private final long mostEntries;

    public HashLists() {
        this(MOST_ENTRIES);
    }

    HashLists(long mostEntries) {
        this.mostEntries = mostEntries;
    }

    /// What became of a request.
    public sealed interface Outcome {
        /// @param id of what was made
        /// @param added entries that are new, or changed
        /// @param present entries that were there
        record Done(long id, long added, long present) implements Outcome {}

        record Refused(String why) implements Outcome {}
    }

    /// Names that nothing is in force at a site.
    public static Digest nothing() {
        return new InForce(List.of()).digest();
    }

    /// Tells of SHA-256 that may flag what was cleared.
    public void observe(Rejudging observer) {
        rejudging.add(observer);
    }

    /// Begins an import. A list that there is keeps its terms until the import is finished. Earlier imports into it
    /// that are not finished cannot be any more.
    ///
    /// @param expiresIn how long its entries are in force; empty: without end
    Outcome begin(Handle handle, SiteId site, ListTerms terms, Origin origin, Instant now) {
        Optional<String> fault = terms.fault();
        if (fault.isPresent()) {
            return new Outcome.Refused(fault.get());
        }
        PostgresLists.lock(handle, site);
        long next = newest(handle, site).stamp().number() + 1;
        Optional<Long> known = PostgresLists.list(handle, site, terms);
        if (known.isEmpty() && PostgresLists.countLists(handle, site) >= Limits.LISTS) {
            return new Outcome.Refused("this site has " + Limits.LISTS
                    + " hash lists, which is the most; import into one of them (`picket lists show` names them)");
        }
        long list = known.orElseGet(() -> PostgresLists.make(handle, site, terms, next));
        PostgresLists.dropUnfinished(handle, list);
        long id = PostgresLists.begin(
                handle,
                list,
                origin.file().toByteArray(),
                origin.by(),
                now,
                origin.expiresIn().map(now::plus));
        PostgresLists.stageTerms(handle, id, terms);
        return new Outcome.Done(id, 0, 0);
    }

    /// Where entries come from.
    ///
    /// @param file SHA-256 of the file
    /// @param by the person
    /// @param expiresIn how long entries are in force; empty: without end
    record Origin(Digest file, String by, Optional<Duration> expiresIn) {}

    /// Adds entries to an open import.
    Outcome add(Handle handle, SiteId site, long importId, List<ListEntry> entries) {
        for (ListEntry entry : entries) {
            Optional<HashType> type = HashType.ofCode(entry.getTypeValue());
            if (type.isEmpty() || entry.getValue().size() != type.get().bytes()) {
                return new Outcome.Refused("an entry's value is not of its type");
            }
        }
        if (PostgresLists.open(handle, site, importId).isEmpty()) {
            return new Outcome.Refused("there is no open import " + importId + "; begin anew");
        }
        PostgresLists.stage(handle, importId, entries);
        return new Outcome.Done(importId, entries.size(), 0);
    }

    /// Puts an import in force.
    Outcome finish(Handle handle, SiteId site, long importId, Instant now) {
        PostgresLists.lock(handle, site);
        Optional<PostgresLists.OpenImport> open = PostgresLists.open(handle, site, importId);
        if (open.isEmpty()) {
            return new Outcome.Refused("there is no open import " + importId + "; begin anew");
        }
        long next = newest(handle, site).stamp().number() + 1;
        handle.savepoint(UNMERGED);
        if (!PostgresLists.applyTerms(handle, open.get(), next)) {
            return new Outcome.Refused("what import " + importId + " brought is no longer there; begin anew");
        }
        PostgresLists.Merged merged = PostgresLists.merge(handle, open.get(), next, now);
        Optional<Outcome> tooMany = merged.added() + merged.present() > 0
                ? tooMany(handle, site, "with this import", 0, now)
                : Optional.empty();
        if (tooMany.isPresent()) {
            return tooMany.get();
        }
        refresh(handle, site, now);
        return new Outcome.Done(open.get().list(), merged.added(), merged.present());
    }

    /// Undoes what was done since the savepoint, where by it the site has more in force than crawlers hold, or
    /// will have once all comes back that is out of force for a time.
    ///
    /// @param before as many as it had anyhow are not too many
    private Optional<Outcome> tooMany(Handle handle, SiteId site, String by, long before, Instant now) {
        long most = PostgresListSets.mostToCome(handle, site, now);
        if (most <= Math.max(mostEntries, before)) {
            return Optional.empty();
        }
        handle.rollbackToSavepoint(UNMERGED);
        return Optional.of(new Outcome.Refused(by + " the site would have " + most
                + " entries of one type in force, those among them that come back by themselves, and " + mostEntries
                + " is the most; take lists out of force for good that are no longer needed (`picket lists disable`)"));
    }

    /// Takes a list, or a hash in every list, out of force or puts it back.
    ///
    /// @param until empty: puts it back
    Outcome disable(Handle handle, SiteId site, Disabled what, Optional<String> until, Instant now) {
        PostgresLists.lock(handle, site);
        long next = newest(handle, site).stamp().number() + 1;
        boolean back = !until.equals(Optional.of(FOR_GOOD));
        long before = back ? PostgresListSets.mostToCome(handle, site, now) : 0;
        handle.savepoint(UNMERGED);
        long changed = switch (what) {
            case Disabled.List(long id) -> PostgresLists.disableList(handle, site, id, until, next) ? 1 : 0;
            case Disabled.Hash(byte[] value) -> PostgresLists.disableHash(handle, site, value, until, next);
        };
        if (changed == 0) {
            return new Outcome.Refused("no list of this site has that; `picket lists show` names the lists");
        }
        Optional<Outcome> tooMany =
                back ? tooMany(handle, site, "with that back in force", before, now) : Optional.empty();
        if (tooMany.isPresent()) {
            return tooMany.get();
        }
        refresh(handle, site, now);
        return new Outcome.Done(0, changed, 0);
    }

    /// What is taken out of force.
    sealed interface Disabled {
        record List(long id) implements Disabled {}

        record Hash(byte[] value) implements Disabled {}
    }

    private static PostgresListSets.Kept newest(Handle handle, SiteId site) {
        return PostgresListSets.newest(handle, site).orElse(NOTHING);
    }

    /// What is in force now. Writes where an entry has ended or come back by itself since it was asked last.
    public ListStamp stamp(Handle handle, SiteId site, Instant now) {
        PostgresListSets.Kept kept = newest(handle, site);
        if (kept.holds(now)) {
            return kept.stamp();
        }
        PostgresLists.lock(handle, site);
        return refresh(handle, site, now);
    }

    /// Until when what is in force stays so by itself; empty: without end.
    public Optional<Instant> changes(Handle handle, SiteId site) {
        return newest(handle, site).changes();
    }

    /// Finds out what is in force, and what that means for what was looked at before.
    private ListStamp refresh(Handle handle, SiteId site, Instant now) {
        PostgresListSets.Kept before = newest(handle, site);
        InForce digest = new InForce(PostgresLists.lists(handle, site));
        AtomicBoolean pictures = new AtomicBoolean();
        PostgresListSets.each(handle, site, now, row -> {
            digest.add(row.list(), row.type(), row.value());
            pictures.setPlain(pictures.getPlain() || row.type() == HashType.PDQ);
        });
        Digest name = digest.digest();
        Optional<Instant> changes = PostgresListSets.changesAfter(handle, site, now);
        ListStamp stamp = before.stamp();
        if (!name.equals(stamp.digest())) {
            long number = stamp.number() + 1;
            boolean grown = PostgresListSets.grown(handle, site, before, now)
                    | !rejudged(handle, site, before, now)
                    | !reconsidered(handle, site, before, now);
            stamp = new ListStamp(number, grown ? number : stamp.grown(), name, pictures.getPlain());
        }
        PostgresListSets.put(handle, site, new PostgresListSets.Kept(stamp, now, changes));
        return stamp;
    }

    /// Whether all that SHA-256 may flag will be looked at.
    private boolean rejudged(Handle handle, SiteId site, PostgresListSets.Kept before, Instant now) {
        AtomicBoolean found = new AtomicBoolean(true);
        PostgresListSets.newHashes(
                handle,
                site,
                before,
                now,
                REJUDGED,
                some -> rejudging.forEach(
                        each -> found.setPlain(each.rejudge(handle, site, some) && found.getPlain())));
        return found.getPlain();
    }

    /// What the site's lists say of an object. What is harder to forge goes first: SHA-256, then MD5, then the
    /// picture; of the first two an allowance goes before a denial, of pictures a denial before an allowance.
    ///
    /// @return empty where a hit is not in force, or there is none
    public Optional<Ruling> rule(Handle handle, SiteId site, List<ListHit> hits, Instant now) {
        List<HitRules.Hit> resolved = new ArrayList<>(hits.size());
        for (ListHit hit : hits) {
            Optional<HashType> type = HashType.ofCode(hit.getTypeValue());
            Optional<InForce.Listed> list = type.flatMap(known -> PostgresLists.find(
                    handle, site, hit.getListId(), known, hit.getValue().toByteArray(), now));
            if (list.isEmpty()) {
                return Optional.empty();
            }
            resolved.add(new HitRules.Hit(list.get().terms(), type.get(), hit.getDistance(), hit.getQuality()));
        }
        return HitRules.rule(resolved);
    }

    /// The lists of a site, as people are shown them.
    List<ShownList> show(Handle handle, SiteId site, Instant now) {
        return PostgresShownLists.all(handle, site, now);
    }

    /// Whether all findings that lists no longer call for will be looked at.
    private boolean reconsidered(Handle handle, SiteId site, PostgresListSets.Kept before, Instant now) {
        List<String> lost = PostgresListSets.lost(handle, site, before, now);
        List<ShardId> shards = PostgresListSets.overtaken(handle, site, lost, before, now);
        boolean found = true;
        for (Rejudging each : rejudging) {
            found &= shards.isEmpty() || each.lookAgain(handle, shards);
        }
        return found;
    }

    /// Hands over the lists of a site and then every entry that is in force.
    ///
    /// @param handle of a transaction that sees one state throughout
    /// @return the digest of what was handed over
    Digest stream(Handle handle, SiteId site, Consumer<Head> head, Consumer<PostgresListSets.Row> each) {
        Instant at = newest(handle, site).computed();
        List<InForce.Listed> lists = PostgresLists.lists(handle, site);
        InForce digest = new InForce(lists);
        head.accept(new Head(lists, PostgresListSets.counts(handle, site, at)));
        PostgresListSets.each(handle, site, at, row -> {
            digest.add(row.list(), row.type(), row.value());
            each.accept(row);
        });
        return digest.digest();
    }

    /// What comes before the entries.
    ///
    /// @param counts entries of each type
    record Head(List<InForce.Listed> lists, long[] counts) {}

    /// The services for administrators and for crawlers.
    ///
    /// @param policies lists of a storage's policy
    /// @param changed hears of sites whose lists have changed, after the commit
    public List<BindableService> services(
            Database database, TimeSource time, PolicyLists policies, Consumer<SiteId> changed) {
        return List.of(
                new HashListsEndpoint(this, database, time, changed),
                new ListSuppliesEndpoint(this, database, policies));
    }
}
