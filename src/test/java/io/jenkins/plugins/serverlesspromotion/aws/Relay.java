package io.jenkins.plugins.serverlesspromotion.aws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/** What stands between a client and a server: an HTTP proxy, or the end of the TLS part of a connection. */
public final class Relay implements AutoCloseable {
    private static final int LONGEST_HEAD = 65_536;

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final Conversation conversation;

    private interface Conversation {
        void hold(Socket client) throws IOException;
    }

    private Relay(ServerSocketFactory sockets, Conversation conversation) throws IOException {
        this.conversation = conversation == null ? this::proxied : conversation;
        this.server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** An HTTP proxy for everybody. */
    public static Relay proxy() throws IOException {
        return new Relay(ServerSocketFactory.getDefault(), null);
    }

    /** Takes TLS connections and passes on what is said to a port of this machine. */
    static Relay tls(SSLContext context, int port) throws IOException {
        return new Relay(context.getServerSocketFactory(), client -> {
            try (Socket there = new Socket(InetAddress.getLoopbackAddress(), port)) {
                pass(client, there);
            }
        });
    }

    public int port() {
        return server.getLocalPort();
    }

    /** What the proxy was asked: {@code POST http://…} or {@code CONNECT host:port}. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                start(() -> converse(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void converse(Socket client) {
        try (client) {
            conversation.hold(client);
        } catch (IOException e) {
            // One of the two has gone, or does not trust the other: the client sees it.
            assert true;
        } finally {
            open.remove(client);
        }
    }

    private void proxied(Socket client) throws IOException {
        String head = head(client.getInputStream());
        if (head == null) {
            return;
        }
        String[] first = head.substring(0, head.indexOf("\r\n")).split(" ");
        asked.add(first[0] + " " + first[1]);
        if (first[0].equals("CONNECT")) {
            int colon = first[1].lastIndexOf(':');
            try (Socket there =
                    new Socket(first[1].substring(0, colon), Integer.parseInt(first[1].substring(colon + 1)))) {
                client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                pass(client, there);
            }
            return;
        }
        URI wanted = URI.create(first[1]);
        String path = wanted.getRawPath() + (wanted.getRawQuery() == null ? "" : "?" + wanted.getRawQuery());
        // One request a connection: the next one may go elsewhere.
        String passed = first[0] + " " + path + " HTTP/1.1\r\nConnection: close\r\n"
                + head.substring(head.indexOf("\r\n") + 2)
                        .replaceAll("(?im)^(proxy-[a-z]+|connection):[^\r\n]*\r\n", "");
        try (Socket there = new Socket(wanted.getHost(), wanted.getPort())) {
            there.getOutputStream().write(passed.getBytes(StandardCharsets.ISO_8859_1));
            pass(client, there);
        } catch (java.net.UnknownHostException e) {
            client.getOutputStream()
                    .write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Up to and with the empty line; null when there is nothing more. */
    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && head.size() < LONGEST_HEAD; c = in.read()) {
            head.write(c);
            if (c == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }

    /** Until the server has ended. */
    private static void pass(Socket client, Socket there) throws IOException {
        start(() -> {
            try {
                copy(client.getInputStream(), there.getOutputStream());
                there.shutdownOutput();
            } catch (IOException e) {
                // The other direction ends too.
                assert true;
            }
        });
        copy(there.getInputStream(), client.getOutputStream());
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        var buffer = new byte[8192];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            to.write(buffer, 0, n);
            to.flush();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket one : open) {
            one.close();
        }
    }
}
