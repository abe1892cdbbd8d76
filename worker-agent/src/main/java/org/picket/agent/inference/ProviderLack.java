package org.picket.agent.inference;

/// Why a provider cannot be had here, as far as the runtime's words tell. Pure.
enum ProviderLack {
    PACK_ABSENT,
    LIBRARIES_MISSING,
    DRIVER_MISSING,
    OTHER;

    /// Reads the runtime's complaint. Where a library fails to load, the runtime does not always name it, so a
    /// machine without a driver is told by `driverSeen`.
    static ProviderLack of(Provider provider, boolean compiledIn, String complaint, boolean driverSeen) {
        if (provider == Provider.CPU) {
            return OTHER;
        }
        if (!compiledIn
                || complaint.contains("Failed to find CUDA shared provider")
                || complaint.contains("Failed to find TensorRT shared provider")
                || complaint.contains("not compiled")
                || complaint.contains("not enabled in this build")) {
            return PACK_ABSENT;
        }
        if (complaint.contains("libcuda.so")
                || complaint.contains("nvcuda.dll")
                || complaint.contains("driver version is insufficient")
                || complaint.contains("no CUDA-capable device")
                || complaint.contains("CUDA failure 35")
                || complaint.contains("CUDA failure 100")) {
            return DRIVER_MISSING;
        }
        if (complaint.contains("Failed to load shared library")
                || complaint.contains("cannot open shared object")
                || complaint.contains("undefined symbol")) {
            return driverSeen ? LIBRARIES_MISSING : DRIVER_MISSING;
        }
        return OTHER;
    }

    /// What is missing and what to do.
    String inWords(Provider provider, String complaint) {
        String name = provider.name();
        return switch (this) {
            case PACK_ABSENT ->
                provider == Provider.COREML
                        ? "COREML is not available: it exists on Apple Silicon only."
                        : name
                                + " is not available: the natives of ONNX Runtime that are used here are for the CPU only."
                                + " An agent on a machine with an NVIDIA card fetches those for CUDA from the coordinator after"
                                + " you agreed, or takes them from --provider-pack FILE; a solo scan takes them from"
                                + " JAVA_TOOL_OPTIONS=-Donnxruntime.native.path=DIRECTORY.";
            case LIBRARIES_MISSING ->
                name + " is not available: its libraries do not load. Install the CUDA 12 runtime (cudart 12.8 or"
                        + " later, cublas, curand), cuDNN 9"
                        + (provider == Provider.TENSORRT ? " and TensorRT 10." : ".");
            case DRIVER_MISSING ->
                name + " is not available: no usable NVIDIA driver answers. Install or update the driver, and in a"
                        + " container pass the GPU through.";
            case OTHER -> name + " is not available: ONNX Runtime says: " + oneLine(complaint);
        };
    }

    private static String oneLine(String complaint) {
        String line = complaint.replaceAll("\\s+", " ").strip();
        return line.length() > 200 ? line.substring(0, 200) + "…" : line;
    }
}
