package org.picket.coordinator.progress;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.finding.AdministratorAccess;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.finding.ModeTerms;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.removal.CrawlerAccess;
import org.picket.coordinator.site.LiveStorage;
import org.picket.coordinator.site.LiveStorages;
import org.picket.coordinator.site.Sites;
import org.picket.coordinator.site.Storage;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.SiteId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.VerifyingKey;

/// Callers as the fleet knows them: a site is the owner of its crawlers and administrators.
///
/// @param sites as they are kept
/// @param storages as they are held in memory
/// @param ownAgentsOnly whether sites are scanned by agents of their own alone
record MemberCallers(Sites sites, LiveStorages storages, boolean ownAgentsOnly)
        implements CrawlerAccess, AdministratorAccess, SiteAccess {
    MemberCallers {
        Objects.requireNonNull(sites);
        Objects.requireNonNull(storages);
    }

    @Override
    public VerifyingKey callerKey() {
        return Member.caller().key();
    }

    @Override
    public Optional<String> callerServes(StorageId storage) {
        return storages.find(storage)
                .map(LiveStorage::storage)
                .filter(named -> named.site().equals(callerSite()))
                .map(Storage::identity);
    }

    @Override
    public Map<StorageId, String> callerStorages(Handle handle) {
        return sites.storages(handle, callerSite()).stream().collect(Collectors.toMap(Storage::id, Storage::identity));
    }

    @Override
    public Optional<ModeTerms> callerTerms(StorageId storage) {
        return storages.find(storage)
                .filter(live -> live.storage().site().equals(callerSite()))
                .map(LiveStorage::terms)
                .map(terms -> new ModeTerms(
                        terms.epoch(),
                        new Enforcement(
                                terms.mode().strongest(),
                                terms.policy().policy().fuses()),
                        terms.policy().policy(),
                        ownAgentsOnly));
    }

    @Override
    public String callerName() {
        return Member.caller().called();
    }

    @Override
    public Circle callerCircle() {
        return Member.caller().home().circle();
    }

    @Override
    public SiteId callerSite() {
        return new SiteId(Member.caller().owner().value());
    }
}
