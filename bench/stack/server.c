// A tiny HTTP/1.1 server to be deployed by the comparison: one thread a connection, no allocation a request.
//
//   GET /health        200
//   GET /version       {"service":"$SERVICE","version":"$APP_VERSION"}
//   GET /slow?ms=N     the same after N milliseconds, at most 10,000
//
// HEALTHY=0: a broken version, 503 to everything. START_DELAY_MS: how long it takes to start before it listens.
// On SIGTERM it accepts no more, finishes open requests, lets idle connections send one last request for
// LAST_REQUEST_MS, closes them and exits with 0.
// `server --probe` asks its own /health and exits with 0 or 1: the container's health check.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 8080, MAX_REQUEST = 8192, IDLE_SECONDS = 60, LAST_REQUEST_MS = 100, DRAIN_MS = 10000, STACK_BYTES = 65536, PROBE_SECONDS = 2 };

static atomic_int open_connections;
static atomic_int stopping;
static int wake[2]; // its reading end becomes readable, for every thread, when the server stops
static const char *service, *version;
static int healthy;

static void sleep_ms(long ms)
{
    struct timespec left = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&left, &left) < 0 && errno == EINTR) {}
}

static const char *setting(const char *name, const char *fallback)
{
    const char *value = getenv(name);
    return value && *value ? value : fallback;
}

static int send_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) return -1;
        bytes += sent;
        length -= (size_t)sent;
    }
    return 0;
}

static int answer(int fd, const char *request)
{
    int status = 200;
    char body[512], response[1024];
    snprintf(body, sizeof body, "{\"service\":\"%s\",\"version\":\"%s\"}", service, version);
    if (!healthy) {
        status = 503;
    } else if (!strncmp(request, "GET /health", 11)) {
        status = 200;
    } else if (!strncmp(request, "GET /slow?ms=", 13)) {
        long ms = strtol(request + 13, NULL, 10);
        sleep_ms(ms < 0 ? 0 : ms > 10000 ? 10000 : ms);
    } else if (strncmp(request, "GET /version", 12)) {
        status = 404;
    }
    int close_after = atomic_load(&stopping) || strstr(request, "Connection: close") != NULL || strstr(request, "connection: close") != NULL;
    int length = snprintf(response, sizeof response, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nConnection: %s\r\n\r\n%s",
        status, status == 200 ? "OK" : status == 404 ? "Not Found" : "Service Unavailable", strlen(body), close_after ? "close" : "keep-alive", body);
    return send_all(fd, response, (size_t)length) < 0 || close_after ? -1 : 0;
}

// Waits for bytes: until the idle limit, or for a last moment once the server stops.
static int readable(int fd)
{
    struct pollfd both[2] = {{fd, POLLIN, 0}, {wake[0], POLLIN, 0}};
    if (!atomic_load(&stopping)) {
        int ready = poll(both, 2, IDLE_SECONDS * 1000);
        if (ready <= 0) return 0;
        if (both[0].revents) return 1;
    }
    return poll(both, 1, LAST_REQUEST_MS) > 0;
}

static void *serve(void *argument)
{
    int fd = (int)(long)argument;
    char request[MAX_REQUEST + 1];
    size_t length = 0;
    while (readable(fd)) {
        ssize_t count = recv(fd, request + length, MAX_REQUEST - length, 0);
        if (count <= 0) break;
        length += (size_t)count;
        request[length] = 0;
        if (!strstr(request, "\r\n\r\n")) {
            if (length == MAX_REQUEST) break;
            continue;
        }
        length = 0; // requests have no body and do not come in pipelines here
        if (answer(fd, request) < 0) break;
    }
    shutdown(fd, SHUT_WR);
    close(fd);
    atomic_fetch_sub(&open_connections, 1);
    return NULL;
}

static void on_stop(int signal_number)
{
    (void)signal_number;
    atomic_store(&stopping, 1);
    (void)!write(wake[1], "x", 1); // never read: stays readable
}

static int probe(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval limit = {PROBE_SECONDS, 0};
    char response[64] = "";
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) return 1;
    static const char request[] = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (send_all(fd, request, sizeof request - 1) < 0) return 1;
    return recv(fd, response, sizeof response - 1, 0) < 12 || strncmp(response, "HTTP/1.1 200", 12) != 0;
}

static int listen_on_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(INADDR_ANY)};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1024) < 0) {
        perror("listen");
        exit(1);
    }
    return fd;
}

static void accept_all(int listener, pthread_attr_t *attributes)
{
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0;) {
        int on = 1;
        pthread_t thread;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        atomic_fetch_add(&open_connections, 1);
        if (pthread_create(&thread, attributes, serve, (void *)(long)fd) != 0) {
            close(fd);
            atomic_fetch_sub(&open_connections, 1);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "--probe")) return probe();
    service = setting("SERVICE", "app");
    version = setting("APP_VERSION", "unknown");
    healthy = strcmp(setting("HEALTHY", "1"), "0") != 0;
    if (pipe(wake) < 0) return 1;
    struct sigaction stop = {.sa_handler = on_stop};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);

    for (long left = strtol(setting("START_DELAY_MS", "0"), NULL, 10); left > 0 && !atomic_load(&stopping); left -= 50) sleep_ms(left < 50 ? left : 50);
    if (atomic_load(&stopping)) return 0;

    int listener = listen_on_port();
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    printf("%s %s listens on %d\n", service, version, PORT);
    fflush(stdout);

    struct pollfd both[2] = {{listener, POLLIN, 0}, {wake[0], POLLIN, 0}};
    while (!atomic_load(&stopping)) {
        poll(both, 2, -1);
        accept_all(listener, &attributes);
    }
    accept_all(listener, &attributes);
    close(listener);
    for (int waited = 0; waited < DRAIN_MS && atomic_load(&open_connections) > 0; waited += 5) sleep_ms(5);
    return 0;
}
