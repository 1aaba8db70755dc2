/* Permissions do not bind root: be somebody else for a while. */
#ifndef USER_H
#define USER_H

#include <criterion/criterion.h>
#include <unistd.h>

#define NOBODY 65534

/* Of another user than root: nothing changes. */
static inline void become(uid_t user)
{
	if (getuid() == 0)
		cr_assert_eq(seteuid(user), 0);
}

#endif
