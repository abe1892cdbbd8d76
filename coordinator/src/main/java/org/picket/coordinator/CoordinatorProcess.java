package org.picket.coordinator;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.picket.coordinator.artifact.Artifacts;
import org.picket.coordinator.authority.Authority;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.feed.Stuck;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.fleet.Fleet;
import org.picket.coordinator.fleet.Leaseholders;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.lease.Leases;
import org.picket.coordinator.ledger.Ledger;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.progress.ListingScans;
import org.picket.coordinator.progress.Scan;
import org.picket.coordinator.progress.SiteServices;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.SiteId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.ListHit;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.Addresses;
import org.picket.runtime.identity.InviteCode;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// A whole coordinator on one database: the [Coordinator] itself, and beside it what people and crawlers of
/// sites reach. Whoever makes one binds [#services] behind [#interceptors], and closes the server first and
/// this second.
public final class CoordinatorProcess implements AutoCloseable {
    /// Names the ledger in its checkpoints.
    public static final String LEDGER_ORIGIN = "picket/ledger/1";

    private final Database database;
    private final SiteServices site;
    private final Coordinator coordinator;
    private final Artifacts artifacts;

    private final Optional<Network> network;

    /// What members on other machines know a coordinator by.
    ///
    /// @param authority signs their certificates
    /// @param address where they reach it, once it listens
    public record Network(Authority authority, Supplier<Address> address) {}

    /// Begins a new term on the database, for members within this process.
    ///
    /// @param key the coordinator's own, kept in an owner-only file by the caller
    public CoordinatorProcess(Database database, SigningKey key, CoordinatorSettings settings) {
        this(database, key, settings, Optional.empty());
    }

    /// Begins a new term on the database.
    ///
    /// @param network empty: members are within this process
    public CoordinatorProcess(
            Database database, SigningKey key, CoordinatorSettings settings, Optional<Network> network) {
        this.network = network;
        this.database = database;
        TimeSource time = database.clock();
        SecureRandom random = new SecureRandom();
        Ledger ledger = new Ledger(LEDGER_ORIGIN, key);
        site = new SiteServices(database, time, key, ledger, random, network.isEmpty());
        Findings findings = site.findings();
        coordinator = Coordinator.start(
                new CoordinatorParts(
                        database,
                        key,
                        new CoordinatorParts.Sources(time, random),
                        new LiveDirectory(site.storages()),
                        new CoordinatorParts.Sinks(
                                ledger::append, findings::record, new FlaggedFindings(findings), this::listed),
                        network.map(Network::authority)),
                settings);
        site.lists().observe(coordinator.contents());
        WantedBundles wanted = new WantedBundles(coordinator.listings(), new LiveDirectory(site.storages()), time);
        artifacts = new Artifacts(settings.artifacts(), key, time, wanted::of);
    }

    private Optional<Ruling> listed(StorageTerms terms, List<ListHit> hits) {
        SiteId owner = new SiteId(terms.owner().value());
        return database.read(handle ->
                site.lists().rule(handle, owner, hits, database.clock().now()));
    }

    /// All services.
    public List<BindableService> services() {
        List<BindableService> services = new ArrayList<>(coordinator.services());
        services.addAll(
                site.services(this::scan, coordinator.fleet().secret("circle commitments", Coordinator.SALT_BYTES)));
        services.add(artifacts.service());
        network.ifPresent(_ -> services.add(coordinator.overview().service()));
        network.ifPresent(reached -> services.add(coordinator
                .fleet()
                .members(
                        new SiteOwners(database, site.sites()),
                        secret -> new InviteCode(
                                        addresses(reached.address().get()),
                                        reached.authority().id(),
                                        secret)
                                .text(),
                        new Holders(coordinator.leases()))));
        return List.copyOf(services);
    }

    /// Says where members reach this coordinator: the others name it in their invites too.
    public void reachedAt(Address address) {
        coordinator.reachedAt(address.toString());
    }

    /// Done once another process of this coordinator's name has begun on the same database: this one should end.
    public CompletionStage<Void> replaced() {
        return coordinator.replaced();
    }

    /// Grants nothing more, and lets leases be worked off where other coordinators go on. Before members are cut off.
    public void finish() {
        coordinator.finish();
    }

    /// Ends calls that wait for something to happen, so that their callers make them again at another
    /// coordinator. To be called once no new ones come, again and again while some are under way.
    public void sendOn() {
        coordinator.sendOn();
        site.sendOn();
    }

    /// From now on these are open, but while the database is out of reach and other coordinators may go on.
    public void watches(Doors doors) {
        coordinator.watches(doors);
    }

    /// This coordinator's, and then those of the others that live.
    private Addresses addresses(Address own) {
        return new Addresses(
                Stream.concat(Stream.of(own), coordinator.addresses().stream().map(Address::parse))
                        .distinct()
                        .limit(Addresses.MOST)
                        .toList());
    }

    /// To be put before every service, the first one called first.
    public List<ServerInterceptor> interceptors() {
        return coordinator.interceptors();
    }

    /// Members and invites.
    public Fleet fleet() {
        return coordinator.fleet();
    }

    /// The owner of all that belongs to a site, which is made where it is not there yet.
    public OwnerId owner(String siteName) {
        return new SiteOwners(database, site.sites()).of(siteName);
    }

    /// Says what all of it has to tell.
    public void meters(Meters meters) {
        database.meters(meters);
        coordinator.meters(meters);
        site.meters(meters);
    }

    /// What the listing tells, and why leases of it stand still.
    private Optional<Scan> scan(ListingId id) {
        return new ListingScans(coordinator.listings())
                .countsOf(id)
                .map(scan -> new Scan(
                        scan.storage(),
                        scan.counts().toBuilder()
                                .addAllStuck(coordinator.leases().overview().stuck(id).stream()
                                        .map(Stuck::words)
                                        .toList())
                                .build(),
                        scan.over()));
    }

    private record Holders(Leases leases) implements Leaseholders {
        @Override
        public int held(Member member) {
            return leases.overview().held(member);
        }

        @Override
        public void revoke(Member member) {
            leases.revoke(member);
        }
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
