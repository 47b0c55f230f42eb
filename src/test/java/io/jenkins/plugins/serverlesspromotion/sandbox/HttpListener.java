package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/**
 * HTTP/1.1 on the loopback interface, one thread a connection. Not the JDK's server: that one changes the case of
 * header names, and the SDK finds S3's request ids only under their own; here a connection can also be cut at will.
 */
final class HttpListener implements AutoCloseable {
    private static final int LONGEST_LINE = 65_536;

    /** A request as it came. */
    record Request(String method, String target, Map<String, List<String>> headers, byte[] body) {}

    /** Answers a request; null cuts the connection. */
    interface Handler {
        Reply handle(Request request);
    }

    private final ServerSocket server = new ServerSocket();
    private final ExecutorService threads;
    private final Handler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    HttpListener(int port, ExecutorService threads, Handler handler) throws IOException {
        this.threads = threads;
        this.handler = handler;
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 512);
    }

    void start() {
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        closeQuietly(server);
        open.forEach(HttpListener::closeQuietly);
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // Nothing is lost: the other side sees the end either way.
            assert true;
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                threads.execute(() -> converse(socket));
            } catch (IOException | java.util.concurrent.RejectedExecutionException e) {
                return;
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 65_536);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 65_536);
            boolean more = true;
            while (more) {
                Request request = read(in, out);
                if (request == null) {
                    return;
                }
                Reply reply = handler.handle(request);
                if (reply == null) {
                    return;
                }
                more = !"close".equalsIgnoreCase(first(request.headers(), "Connection"));
                write(out, reply, request.method().equals("HEAD"), more);
            }
        } catch (IOException e) {
            // The client went away, as clients that are killed do.
            assert true;
        } finally {
            open.remove(socket);
        }
    }

    private static String first(Map<String, List<String>> headers, String name) {
        List<String> values = headers.get(name);
        return values == null ? null : values.get(0);
    }

    private static Request read(InputStream in, OutputStream out) throws IOException {
        String line = line(in);
        while (line != null && line.isEmpty()) {
            line = line(in);
        }
        if (line == null) {
            return null;
        }
        String[] parts = line.split(" ");
        if (parts.length != 3) {
            throw new IOException("Not HTTP: " + line);
        }
        Map<String, List<String>> headers = headers(in);
        if ("100-continue".equalsIgnoreCase(first(headers, "Expect"))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        return new Request(parts[0], parts[1], headers, body(in, headers));
    }

    private static Map<String, List<String>> headers(InputStream in) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("Not a header: " + line);
            }
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).trim());
        }
        return headers;
    }

    private static byte[] body(InputStream in, Map<String, List<String>> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(first(headers, "Transfer-Encoding"))) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (true) {
                int size =
                        Integer.parseInt(String.valueOf(line(in)).split(";")[0].trim(), 16);
                all.writeBytes(exactly(in, size));
                if (size == 0) {
                    headers(in);
                    return all.toByteArray();
                }
                line(in);
            }
        }
        String length = first(headers, "Content-Length");
        return length == null ? new byte[0] : exactly(in, Integer.parseInt(length.trim()));
    }

    private static byte[] exactly(InputStream in, int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("The request ended early");
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
            if (line.length() > LONGEST_LINE) {
                throw new IOException("Line too long");
            }
        }
        return null;
    }

    private static void write(OutputStream out, Reply reply, boolean head, boolean more) throws IOException {
        StringBuilder start = new StringBuilder("HTTP/1.1 ")
                .append(reply.status)
                .append(' ')
                .append(reply.status < 400 ? "OK" : "Refused")
                .append("\r\n");
        boolean length = reply.status != 204 && reply.status != 304;
        for (Map.Entry<String, String> header : reply.headers.entrySet()) {
            length &= !header.getKey().toLowerCase(Locale.ROOT).equals("content-length");
            start.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        if (length) {
            start.append("Content-Length: ").append(reply.body.length).append("\r\n");
        }
        start.append(more ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
        out.write(start.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!head && reply.status != 204 && reply.status != 304) {
            out.write(reply.body);
        }
        out.flush();
    }
}
