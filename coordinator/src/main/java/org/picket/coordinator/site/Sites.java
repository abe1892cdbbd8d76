package org.picket.coordinator.site;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.SiteId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// Sites and storages as they are kept. Has no state of its own; each method runs in its caller's transaction.
public final class Sites {
    /// Storages of one site.
    public static final int STORAGE_LIMIT = 1_000;

    /// Contents on one site's allowlist: 32 MB in memory.
    public static final int ALLOWLIST_LIMIT = 1_000_000;

    private static final int IDENTITY_LIMIT = 2_000;

    /// What became of a registration.
    public sealed interface Registered {
        /// @param changed whether the terms are others than before
        record Done(Storage storage, Terms terms, boolean changed) implements Registered {}

        /// @param faults one line each
        record Refused(List<String> faults) implements Registered {
            public Refused {
                faults = List.copyOf(faults);
            }
        }
    }

    /// The site of that name, made if there is none.
    ///
    /// @throws IllegalArgumentException if there is none, and the name is no [Circle#isName]
    public Site site(Handle handle, String name, Instant now) {
        return PostgresSites.siteByName(handle, name).orElseGet(() -> {
            if (!Circle.isName(name)) {
                throw new IllegalArgumentException("a site's or operator's name has " + Circle.NAMES);
            }
            PostgresSites.insertSite(handle, name, now);
            return PostgresSites.siteByName(handle, name).orElseThrow();
        });
    }

    /// The name of a site; empty where there is none.
    public Optional<String> name(Handle handle, SiteId site) {
        return PostgresSites.siteName(handle, site);
    }

    /// Registers a storage, or sets the terms of a registered one. Nothing is kept of faulty terms.
    public Registered register(Handle handle, SiteId site, String identity, TermsText text, Instant now) {
        if (identity.isBlank() || identity.length() > IDENTITY_LIMIT) {
            return new Registered.Refused(List.of(
                    "a storage's identity has 1 to " + IDENTITY_LIMIT + " characters, e.g. folder:/srv/pictrs"));
        }
        return switch (TermsRules.read(text)) {
            case TermsRead.Faulty faulty -> new Registered.Refused(faulty.faults());
            case TermsRead.Sound sound -> register(handle, site, identity, text, sound.terms(), now);
        };
    }

    /// Why a storage cannot be registered where the site names no circle; none: it can. What was said once of whose
    /// agents may see its pictures is not taken back by saying nothing.
    ///
    /// @param proposed what the crawler takes from its invite instead; everyone's: nothing
    /// @param invited the circle that the invite of who registers it named; everyone's: none
    public List<String> circleMissing(Handle handle, SiteId site, String identity, Circle proposed, Circle invited) {
        PostgresSites.lock(handle, site);
        return PostgresSites.storageByIdentity(handle, site, identity)
                .flatMap(storage -> PostgresSites.terms(handle, storage.id()))
                .map(TermsText::circle)
                .filter(circle -> !circle.everyone() && !circle.equals(proposed))
                .map(circle -> circleMissing("the storage has", circle))
                .or(() -> Optional.of(invited)
                        .filter(circle -> !circle.everyone() && proposed.everyone())
                        .map(circle -> circleMissing("this crawler was invited for", circle)))
                .stream()
                .toList();
    }

    private static String circleMissing(String whose, Circle circle) {
        return whose + " the circle " + String.join(",", circle.entries())
                + ", and this registration names none: name it, or \"" + Circle.OPEN
                + "\" to let agents of every operator of the collective see its pictures";
    }

    private static Registered register(
            Handle handle, SiteId site, String identity, TermsText text, Terms terms, Instant now) {
        PostgresSites.lock(handle, site);
        var earlier = PostgresSites.storageByIdentity(handle, site, identity);
        if (earlier.isEmpty() && PostgresSites.countStorages(handle, site) >= STORAGE_LIMIT) {
            return new Registered.Refused(List.of("the site has " + STORAGE_LIMIT + " storages, and may have no more"));
        }
        var storage = earlier.orElseGet(() -> PostgresSites.insertStorage(handle, site, identity, now));
        boolean changed = !PostgresSites.terms(handle, storage.id()).equals(Optional.of(text));
        if (changed) {
            PostgresSites.putTerms(handle, storage.id(), text, terms.epoch(), now);
            PostgresSites.countUp(handle, site);
        }
        return new Registered.Done(storage, terms, changed);
    }

    public Optional<Storage> storage(Handle handle, StorageId storage) {
        return PostgresSites.storage(handle, storage);
    }

    /// The site's storages by number, [#STORAGE_LIMIT] at most.
    public List<Storage> storages(Handle handle, SiteId site) {
        return PostgresSites.storages(handle, site, STORAGE_LIMIT);
    }

    /// The present terms as they were handed in; empty for a storage that is not registered.
    public Optional<TermsText> terms(Handle handle, StorageId storage) {
        return PostgresSites.terms(handle, storage);
    }

    /// Puts content on the allowlist of the storage's site; nothing changes where it is there already.
    ///
    /// @param by the person who allowed it
    /// @return every storage for which it is allowed now, the given one among them
    /// @throws IllegalArgumentException if the storage is not registered
    /// @throws IllegalStateException if the allowlist is full
    public List<StorageId> allow(Handle handle, StorageId storage, Digest sha256, String by, Instant now) {
        var site = PostgresSites.storage(handle, storage)
                .map(Storage::site)
                .orElseThrow(() -> new IllegalArgumentException("storage " + storage + " is not registered"));
        PostgresSites.lock(handle, site);
        if (PostgresSites.allow(handle, site, sha256, by, now)) {
            if (PostgresSites.countAllowed(handle, site, ALLOWLIST_LIMIT + 1) > ALLOWLIST_LIMIT) {
                throw new IllegalStateException(
                        "the site's allowlist is full: it has " + ALLOWLIST_LIMIT + " contents");
            }
            PostgresSites.countUp(handle, site);
        }
        return storages(handle, site).stream().map(Storage::id).toList();
    }

    /// What the site has allowed.
    public ContentHashes allowlist(Handle handle, SiteId site) {
        return ContentHashes.of(PostgresSites.allowed(handle, site, ALLOWLIST_LIMIT));
    }
}
