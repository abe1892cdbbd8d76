package org.picket.coordinator.fleet;

import java.util.Optional;

/// Those who answer for members, by name. An operator who also runs a site goes by one name for both, and
/// counts as one owner.
public interface Owners {
    /// The owner of that name, made where it is not there yet.
    OwnerId of(String name);

    /// The name of an owner; empty where there is none.
    Optional<String> name(OwnerId id);
}
