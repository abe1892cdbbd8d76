package org.picket.agent.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProviderLackTest {
    @Test
    void providerThatIsNotInTheNativesIsAnAbsentPack() {
        assertEquals(ProviderLack.PACK_ABSENT, ProviderLack.of(Provider.CUDA, false, "", true));
        assertEquals(
                ProviderLack.PACK_ABSENT,
                ProviderLack.of(Provider.CUDA, true, "ORT_EP_FAIL - Failed to find CUDA shared provider", true));
    }

    @Test
    void libraryThatDoesNotLoadIsToldFromAMissingDriver() {
        String complaint = "ORT_FAIL - Failed to load shared library libonnxruntime_providers_cuda.so";
        assertEquals(ProviderLack.LIBRARIES_MISSING, ProviderLack.of(Provider.CUDA, true, complaint, true));
        assertEquals(ProviderLack.DRIVER_MISSING, ProviderLack.of(Provider.CUDA, true, complaint, false));
        assertEquals(
                ProviderLack.DRIVER_MISSING,
                ProviderLack.of(Provider.CUDA, true, "libcuda.so.1: cannot open shared object file", true));
        assertEquals(
                ProviderLack.DRIVER_MISSING,
                ProviderLack.of(Provider.CUDA, true, "CUDA failure 35: CUDA driver version is insufficient", true));
    }

    @Test
    void otherComplaintsAreQuotedOnOneLine() {
        ProviderLack lack = ProviderLack.of(Provider.CUDA, true, "out of\n  memory", true);
        assertEquals(ProviderLack.OTHER, lack);
        assertEquals(
                "CUDA is not available: ONNX Runtime says: out of memory",
                lack.inWords(Provider.CUDA, "out of\n memory"));
    }

    @Test
    void everyLackSaysWhatToDo() {
        assertTrue(ProviderLack.PACK_ABSENT.inWords(Provider.CUDA, "").contains("onnxruntime.native.path"));
        assertTrue(ProviderLack.PACK_ABSENT.inWords(Provider.CUDA, "").contains("--provider-pack FILE"));
        assertTrue(ProviderLack.LIBRARIES_MISSING.inWords(Provider.TENSORRT, "").contains("TensorRT 10"));
        assertTrue(ProviderLack.DRIVER_MISSING.inWords(Provider.CUDA, "").contains("driver"));
        assertTrue(ProviderLack.PACK_ABSENT.inWords(Provider.COREML, "").contains("Apple"));
    }
}
