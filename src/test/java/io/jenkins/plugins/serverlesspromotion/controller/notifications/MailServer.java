package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** As much of SMTP (RFC 5321) as a client needs to hand over mail. */
final class MailServer implements AutoCloseable {
    private final ServerSocket socket;
    private final List<Mail> mails = new CopyOnWriteArrayList<>();

    record Mail(List<String> to, String content) {}

    MailServer() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var thread = new Thread(this::serve, "mail server of a test");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    List<Mail> mails() {
        return mails;
    }

    List<Mail> to(String address) {
        return mails.stream().filter(m -> m.to().contains(address)).toList();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                talk(client);
            } catch (IOException e) {
                // The client went away, or the server was closed.
            }
        }
    }

    private void talk(Socket client) throws IOException {
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        var out = new PrintWriter(client.getOutputStream(), true, StandardCharsets.UTF_8);
        var to = new ArrayList<String>();
        say(out, "220 test");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String command = line.toUpperCase(java.util.Locale.ROOT);
            if (command.startsWith("RCPT TO:")) {
                to.add(line.substring(line.indexOf('<') + 1, line.indexOf('>')));
                say(out, "250 ok");
            } else if (command.equals("DATA")) {
                say(out, "354 go on");
                var content = new StringBuilder();
                for (line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                    content.append(line).append('\n');
                }
                mails.add(new Mail(List.copyOf(to), content.toString()));
                to.clear();
                say(out, "250 ok");
            } else if (command.equals("QUIT")) {
                say(out, "221 bye");
                return;
            } else {
                say(out, "250 ok");
            }
        }
    }

    private static void say(PrintWriter out, String line) {
        out.print(line + "\r\n");
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
