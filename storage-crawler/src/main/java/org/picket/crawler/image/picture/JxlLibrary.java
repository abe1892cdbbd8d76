package org.picket.crawler.image.picture;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;

/// The system's libjxl, the reference decoder of JPEG XL, where there is one: no published archive brings it
/// for all platforms. The few functions used here have been the same since its version 0.7.
@SuppressWarnings("restricted")
final class JxlLibrary {

    private static final List<String> NAMES = List.of(
            "libjxl.so.0.12",
            "libjxl.so.0.11",
            "libjxl.so.0.10",
            "libjxl.so.0.9",
            "libjxl.so.0.8",
            "libjxl.so.0.7",
            "libjxl.dylib",
            "/opt/homebrew/lib/libjxl.dylib",
            "jxl.dll");

    /// Looked for when the first such picture comes.
    static final class OfSystem {
        static final Optional<JxlLibrary> FOUND = find();

        private OfSystem() {}
    }

    private final MethodHandle create;
    private final MethodHandle destroy;
    private final MethodHandle subscribe;
    private final MethodHandle setInput;
    private final MethodHandle closeInput;
    private final MethodHandle process;
    private final MethodHandle basicInfo;
    private final MethodHandle frameHeader;
    private final MethodHandle setOutput;

    private JxlLibrary(SymbolLookup symbols) {
        FunctionDescriptor two = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
        create = handle(symbols, "JxlDecoderCreate", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        destroy = handle(symbols, "JxlDecoderDestroy", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        subscribe = handle(
                symbols,
                "JxlDecoderSubscribeEvents",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        setInput = handle(
                symbols,
                "JxlDecoderSetInput",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        closeInput = handle(symbols, "JxlDecoderCloseInput", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        process = handle(
                symbols, "JxlDecoderProcessInput", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        basicInfo = handle(symbols, "JxlDecoderGetBasicInfo", two);
        frameHeader = handle(symbols, "JxlDecoderGetFrameHeader", two);
        setOutput = handle(
                symbols,
                "JxlDecoderSetImageOutBuffer",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG));
    }

    private static MethodHandle handle(SymbolLookup symbols, String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(symbols.find(name).orElseThrow(), type);
    }

    /// The library, if this system has one that can be used.
    static Optional<JxlLibrary> find() {
        for (String name : NAMES) {
            try {
                return Optional.of(new JxlLibrary(SymbolLookup.libraryLookup(name, Arena.global())));
            } catch (IllegalArgumentException | NoSuchElementException absent) {
                // The next name.
            }
        }
        return Optional.empty();
    }

    MemorySegment create() {
        MemorySegment decoder = (MemorySegment) call(create, MemorySegment.NULL);
        if (decoder.equals(MemorySegment.NULL)) {
            throw new FlawedObject(Flaw.OUT_OF_MEMORY);
        }
        return decoder;
    }

    void destroy(MemorySegment decoder) {
        call(destroy, decoder);
    }

    int subscribe(MemorySegment decoder, int events) {
        return (int) call(subscribe, decoder, events);
    }

    int setInput(MemorySegment decoder, MemorySegment data, long length) {
        int status = (int) call(setInput, decoder, data, length);
        call(closeInput, decoder);
        return status;
    }

    int process(MemorySegment decoder) {
        return (int) call(process, decoder);
    }

    int basicInfo(MemorySegment decoder, MemorySegment info) {
        return (int) call(basicInfo, decoder, info);
    }

    int frameHeader(MemorySegment decoder, MemorySegment header) {
        return (int) call(frameHeader, decoder, header);
    }

    int setOutput(MemorySegment decoder, MemorySegment format, MemorySegment pixels) {
        return (int) call(setOutput, decoder, format, pixels, pixels.byteSize());
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return Optional.ofNullable(function.invokeWithArguments(arguments)).orElse(0);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable impossible) {
            throw new IllegalStateException("a native function threw", impossible);
        }
    }
}
