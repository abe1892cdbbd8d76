package org.picket.coordinator;

import java.util.Optional;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.fleet.Owners;
import org.picket.coordinator.site.Sites;
import org.picket.proto.id.SiteId;

/// Owners by the names of sites: an operator without a site is a site without storages.
record SiteOwners(Database database, Sites sites) implements Owners {
    @Override
    public OwnerId of(String name) {
        return new OwnerId(database.transaction(
                handle -> sites.site(handle, name, database.clock().now()).id().value()));
    }

    @Override
    public Optional<String> name(OwnerId id) {
        return database.read(handle -> sites.name(handle, new SiteId(id.value())));
    }
}
