package org.picket.bench.stream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// A long line in one process: whatever comes in at one end goes out at the other half a round trip later. The
/// rate is not limited; what is under way is, far beyond what a round trip holds.
final class DelayProxy implements AutoCloseable {
    private static final int PIECE_BYTES = 256 * 1_024;
    private static final int PIECES = 1_024;

    private record Piece(ByteBuffer bytes, long due) {}

    private final ServerSocketChannel listener;
    private final int target;
    private final long oneWayNanos;

    /// @param target port of the server behind the line, on the loopback
    DelayProxy(int target, Duration roundTrip) throws IOException {
        this.target = target;
        this.oneWayNanos = roundTrip.toNanos() / 2;
        this.listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon(true).name("proxy").start(this::accept);
    }

    int port() {
        return listener.socket().getLocalPort();
    }

    private void accept() {
        try {
            while (listener.isOpen()) {
                SocketChannel near = listener.accept();
                SocketChannel far = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                near.setOption(StandardSocketOptions.TCP_NODELAY, true);
                far.setOption(StandardSocketOptions.TCP_NODELAY, true);
                carry(near, far);
                carry(far, near);
            }
        } catch (IOException e) {
            // The listener was closed.
            return;
        }
    }

    private void carry(SocketChannel from, SocketChannel to) {
        BlockingQueue<Piece> line = new ArrayBlockingQueue<>(PIECES);
        BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(PIECES);
        Thread.ofPlatform().daemon(true).name("proxy-in").start(() -> take(from, line, free));
        Thread.ofPlatform().daemon(true).name("proxy-out").start(() -> give(to, line, free));
    }

    private void take(SocketChannel from, BlockingQueue<Piece> line, BlockingQueue<ByteBuffer> free) {
        try {
            int read = 0;
            while (read >= 0) {
                ByteBuffer bytes = free.isEmpty() ? ByteBuffer.allocateDirect(PIECE_BYTES) : free.take();
                bytes.clear();
                read = from.read(bytes);
                line.put(new Piece(bytes.flip(), System.nanoTime() + oneWayNanos));
            }
        } catch (IOException e) {
            end(from);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void give(SocketChannel to, BlockingQueue<Piece> line, BlockingQueue<ByteBuffer> free) {
        try {
            while (true) {
                Piece piece = line.take();
                for (long left = piece.due() - System.nanoTime(); left > 0; left = piece.due() - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                if (!piece.bytes().hasRemaining()) {
                    to.shutdownOutput();
                    return;
                }
                while (piece.bytes().hasRemaining()) {
                    to.write(piece.bytes());
                }
                free.offer(piece.bytes());
            }
        } catch (IOException e) {
            end(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
