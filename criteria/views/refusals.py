"""How a refused action is answered on the desk pages: the same in every app."""

from accounts.desk import DeskRequest as DeskRequest
from accounts.desk import attempt as attempt
from accounts.desk import desk_page as desk_page
from accounts.desk import see_other as see_other
