package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import org.junit.jupiter.api.Test;

class ContractVersionTest {
    private static ContractVersion read(String told) {
        Metadata headers = new Metadata();
        headers.put(ContractVersion.KEY, told);
        return ContractVersion.read(headers);
    }

    @Test
    void thoseOneApartWorkTogether() {
        ContractVersion seven = new ContractVersion(7);
        for (int other = 0; other < 20; other++) {
            assertEquals(other >= 6 && other <= 8, seven.with(new ContractVersion(other)), "with " + other);
            assertEquals(seven.with(new ContractVersion(other)), new ContractVersion(other).with(seven));
        }
    }

    @Test
    void versionIsReadAsItWasTold() {
        assertEquals(new ContractVersion(12), read("12"));
        assertEquals(ContractVersion.OURS, read(ContractVersion.OURS.toString()));
        assertEquals(ContractVersion.UNTOLD, ContractVersion.read(new Metadata()));
        assertEquals(1, ContractVersion.UNTOLD.number());
    }

    @Test
    void whatIsNoVersionIsNearNone() {
        for (String none : new String[] {"", "-1", "two", "99999999999", "2.0", "9999999999999999999999"}) {
            assertEquals(new ContractVersion(0), read(none), none);
        }
        assertFalse(new ContractVersion(2).with(read("two")));
        assertTrue(ContractVersion.OURS.with(ContractVersion.OURS));
    }
}
