package org.picket.coordinator.progress;

import com.google.protobuf.ByteString;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.removal.LedgerAppend;
import org.picket.coordinator.removal.Removals;
import org.picket.coordinator.site.LiveStorages;
import org.picket.coordinator.site.Sites;
import org.picket.runtime.time.TimeSource;

/// What the services for administrators are made of.
///
/// @param core database, clock, ledger and the callers' site
/// @param places sites and their storages
/// @param work what scans have come to
public record ProgressParts(Core core, Places places, Work work) {

    /// @param ledger takes each epoch in
    /// @param access tells for whom the caller speaks
    /// @param salt blinds circles in the ledger
    public record Core(Database database, TimeSource time, LedgerAppend ledger, SiteAccess access, ByteString salt) {}

    /// @param sites as they are kept
    /// @param storages as they are held in memory
    public record Places(Sites sites, LiveStorages storages) {}

    /// @param scans listings and shards
    /// @param findings what was found
    /// @param removals what is ordered
    public record Work(ScanCounts scans, Findings findings, Removals removals) {}

    Database database() {
        return core.database();
    }

    TimeSource time() {
        return core.time();
    }

    LedgerAppend ledger() {
        return core.ledger();
    }

    SiteAccess access() {
        return core.access();
    }

    ByteString salt() {
        return core.salt();
    }

    Sites sites() {
        return places.sites();
    }

    LiveStorages storages() {
        return places.storages();
    }

    ScanCounts scans() {
        return work.scans();
    }

    Findings findings() {
        return work.findings();
    }

    Removals removals() {
        return work.removals();
    }
}
