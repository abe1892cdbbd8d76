package org.picket.crawler.order;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.picket.crawler.removal.RemovalAction;
import org.picket.proto.v1.Mode;
import org.picket.proto.v1.OrderStatement.Authority;

/// What this site lets be done to its storage, whatever the coordinator orders.
///
/// @param mode as this site has set it, not as the coordinator tells it
/// @param persons whose orders go beyond it
public record SitePolicy(Mode mode, Persons persons) {

    /// What persons may order beyond the site's mode.
    public enum Persons {
        /// Nothing: the mode alone decides.
        WITHIN_MODE,
        /// Everything: the site heeds its administrators, for whom the coordinator vouches.
        HEEDED,
        /// Everything, and nobody else gives orders: a person at this site does so just now. What the storage's
        /// mode ordered earlier is left as it is meanwhile.
        HEEDED_ALONE
    }

    public SitePolicy {
        Objects.requireNonNull(mode);
        Objects.requireNonNull(persons);
    }

    /// The mode alone.
    public static SitePolicy of(Mode mode) {
        return new SitePolicy(mode, Persons.WITHIN_MODE);
    }

    /// The same, where the site lets its administrators go beyond its mode.
    public SitePolicy heedingAdministrators() {
        return new SitePolicy(mode, Persons.HEEDED);
    }

    /// What a person at this site orders, and nothing else.
    public static SitePolicy ofPersonHere() {
        return new SitePolicy(Mode.OBSERVE, Persons.HEEDED_ALONE);
    }

    /// Whether orders of that authority are neither carried out nor refused now.
    boolean leaves(Authority authority) {
        return persons == Persons.HEEDED_ALONE && authority == Authority.SITE_MODE;
    }

    /// Whether an order of that kind and authority is carried out. Within the mode persons may have done what
    /// the mode itself does, and have it undone.
    boolean allows(RemovalAction action, Authority authority) {
        boolean person = authority == Authority.PERSON;
        boolean beyond = person && persons != Persons.WITHIN_MODE;
        boolean siteMode = authority == Authority.SITE_MODE;
        return switch (mode) {
            case MODE_UNSPECIFIED, UNRECOGNIZED -> false;
            case OBSERVE -> beyond;
            case QUARANTINE_FLAGGED ->
                switch (action) {
                    case QUARANTINE -> person || siteMode;
                    case RELEASE -> person;
                    case PURGE -> beyond;
                };
            case DELETE_FLAGGED ->
                switch (action) {
                    case QUARANTINE, PURGE -> person || siteMode;
                    case RELEASE -> person;
                };
        };
    }

    /// All that may be carried out on anybody's authority.
    public Set<RemovalAction> possible() {
        return Arrays.stream(RemovalAction.values())
                .filter(action -> allows(action, Authority.SITE_MODE) || allows(action, Authority.PERSON))
                .collect(Collectors.toUnmodifiableSet());
    }
}
