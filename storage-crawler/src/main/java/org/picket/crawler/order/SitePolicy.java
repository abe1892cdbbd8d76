package org.picket.crawler.order;

import org.picket.proto.v1.Mode;
import org.picket.proto.v1.OrderStatement.Authority;
import org.picket.proto.v1.RemovalAction;

/// What this site lets be done to its storage, whatever the coordinator orders.
///
/// @param mode as this site has set it, not as the coordinator tells it
/// @param heedsPersons whether a person's order is carried out in OBSERVE too: where a person at this site is
/// giving it just now
public record SitePolicy(Mode mode, boolean heedsPersons) {

    /// The mode alone.
    public static SitePolicy of(Mode mode) {
        return new SitePolicy(mode, false);
    }

    /// The same, where a person at this site gives orders.
    public SitePolicy heedingPersons() {
        return new SitePolicy(mode, true);
    }

    /// Whether orders of that authority are neither carried out nor refused now: where a person gives orders and
    /// nothing else is to happen, what the storage's mode has ordered earlier stays as it is.
    boolean leaves(Authority authority) {
        return heedsPersons && mode == Mode.OBSERVE && authority == Authority.SITE_MODE;
    }

    /// Whether an order of that kind and authority is carried out.
    boolean allows(RemovalAction action, Authority authority) {
        boolean person = authority == Authority.PERSON;
        boolean siteMode = authority == Authority.SITE_MODE;
        return switch (mode) {
            case MODE_UNSPECIFIED, UNRECOGNIZED -> false;
            case OBSERVE -> person && heedsPersons && real(action);
            case QUARANTINE_FLAGGED ->
                switch (action) {
                    case QUARANTINE -> person || siteMode;
                    case RELEASE, PURGE -> person;
                    case REMOVAL_ACTION_UNSPECIFIED, UNRECOGNIZED -> false;
                };
            case DELETE_FLAGGED ->
                switch (action) {
                    case QUARANTINE, PURGE -> person || siteMode;
                    case RELEASE -> person;
                    case REMOVAL_ACTION_UNSPECIFIED, UNRECOGNIZED -> false;
                };
        };
    }

    private static boolean real(RemovalAction action) {
        return switch (action) {
            case QUARANTINE, RELEASE, PURGE -> true;
            case REMOVAL_ACTION_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }
}
