/// Live client connections: what clients ask for, what they are told, and how each of them ends.
@NullMarked
package dev.pushgate.gateway.session;

import org.jspecify.annotations.NullMarked;
