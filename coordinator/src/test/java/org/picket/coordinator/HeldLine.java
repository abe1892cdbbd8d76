package org.picket.coordinator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A line on loopback that falls silent when told: what comes waits in it, both ways, and no connection ends.
final class HeldLine implements AutoCloseable {
    private static final int PIECE_BYTES = 16_384;
    private static final long PATIENCE_SECONDS = 30;

    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> near = ConcurrentHashMap.newKeySet();
    private final Set<Socket> far = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean held;
    private int waiting;

    /// @param target port of what is behind it
    HeldLine(int target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("line").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// The ports from which it calls what is behind it.
    Integer[] callers() {
        return far.stream().map(Socket::getLocalPort).toArray(Integer[]::new);
    }

    void hold() {
        set(true);
    }

    void release() {
        set(false);
    }

    private void set(boolean silent) {
        lock.lock();
        try {
            held = silent;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until something waits in it.
    void awaitSomething() throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (waiting == 0) {
                if (left <= 0) {
                    throw new AssertionError("nobody said anything");
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends all its connections. What waits in them is lost.
    void cut() {
        near.forEach(HeldLine::end);
        far.forEach(HeldLine::end);
        near.clear();
        far.clear();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket caller = listener.accept();
                Socket called = new Socket(InetAddress.getLoopbackAddress(), target);
                near.add(caller);
                far.add(called);
                Thread.ofVirtual().name("line-there").start(() -> carry(caller, called));
                Thread.ofVirtual().name("line-back").start(() -> carry(called, caller));
            }
        } catch (IOException e) {
            // It was closed.
            return;
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] piece = new byte[PIECE_BYTES];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                pass();
                out.write(piece, 0, length);
            }
        } catch (IOException e) {
            // One of its ends is gone, and so the other one is.
            return;
        }
    }

    private void pass() {
        lock.lock();
        try {
            waiting++;
            changed.signalAll();
            while (held) {
                changed.awaitUninterruptibly();
            }
            waiting--;
        } finally {
            lock.unlock();
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
        release();
    }
}
