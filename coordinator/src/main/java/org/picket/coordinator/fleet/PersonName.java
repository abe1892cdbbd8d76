package org.picket.coordinator.fleet;

/// Who a person is in what the ledger and lists keep of a deed. Pure.
public final class PersonName {
    /// Longest, in characters.
    public static final int MOST = 200;

    private PersonName() {}

    /// The caller's own name, or another one that it gives: that is its word alone, and is kept as that.
    ///
    /// @param caller the member's name, as it is enrolled; blank: it has none
    /// @param said the name that it gives; blank: none
    /// @return empty: nobody is named; never more than [#MOST] characters, of which the caller's are left out last
    public static String of(String caller, String said) {
        String own = storable(caller);
        String given = storable(said);
        if (given.isEmpty() || given.equals(own)) {
            return atMost(MOST, own);
        }
        String whose = own.isEmpty() ? "" : ", as " + own + " said";
        return whose.length() < MOST ? atMost(MOST - whose.length(), given) + whose : atMost(MOST, own);
    }

    /// No database keeps a NUL.
    private static String storable(String name) {
        return name.replace('\0', ' ').strip();
    }

    private static String atMost(int most, String name) {
        if (name.length() <= most) {
            return name;
        }
        return name.substring(0, Character.isHighSurrogate(name.charAt(most - 1)) ? most - 1 : most);
    }
}
